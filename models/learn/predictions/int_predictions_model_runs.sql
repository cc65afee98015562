-- Grain: one row per fitted classifier, baseline or model of first orders: target,
-- model, variant and cut-off.

with

fitted as (

    {% for table, variant, parameters, seed, n in [
        ('ml_classifier_predictions', 'variant', 'parameters', 'seed', 'n'),
        ('ml_first_order_predictions', "'plain'", 'parameters', 'seed', 'n'),
        ('int_baseline_bins', "'plain'", "'{}'", 'null', 'training_row_count'),
    ] %}
    select distinct
        target,
        model,
        {{ variant }} as variant,
        cutoff_date::date as cutoff_date,
        {{ parameters }} as parameters,
        {{ seed }} as seed,
        {{ n }}::bigint as n

    from {{ ref(table) }}

    union all

    {% endfor %}
    select distinct
        baselines.target,
        baselines.model,
        baselines.variant,
        baselines.cutoff_date,
        runs.parameters,
        null as seed,
        runs.n

    from {{ ref('int_baseline_predictions') }} as baselines
    inner join {{ ref('int_order_model_runs') }} as runs
        on
            baselines.model = runs.model
            and baselines.cutoff_date = runs.cutoff_date

),

-- The runs of others: a blend is that of its vote, and what serves is fitted with the
-- parameters of the last cut-off.
fits as (

    select * from fitted

    union all

    select votes.* replace ('blend' as model)

    from fitted as votes
    inner join fitted as order_models
        on
            votes.target = order_models.target
            and votes.cutoff_date = order_models.cutoff_date

    where
        votes.model = 'soft_vote'
        and votes.variant = 'level'
        and order_models.model = 'bg_nbd'

    union all

    select distinct
        chosen.target,
        chosen.model,
        chosen.variant,
        {{ learning_date() }} as cutoff_date,
        tuned.parameters,
        tuned.seed,
        scores.n

    from {{ ref('chosen_models') }} as chosen
    inner join {{ ref('ml_customer_scores') }} as scores
        on chosen.target = scores.target
    inner join fitted as tuned
        on
            chosen.target = tuned.target
            and tuned.variant = 'plain'
            and tuned.model = if(chosen.model = 'blend', 'soft_vote', chosen.model)

    qualify
        tuned.cutoff_date = max(tuned.cutoff_date) over (partition by tuned.target)

)

select
    md5(
        concat_ws(
            '|', 'predictions', fits.target, fits.model, fits.variant,
            fits.cutoff_date::string, fits.parameters,
            coalesce(fits.seed::string, ''), fingerprint.data_fingerprint
        )
    ) as model_run_id,
    'predictions' as area,
    fits.target,
    fits.model,
    fits.variant,
    fits.cutoff_date,
    fits.parameters,
    fits.seed::bigint as seed,
    fingerprint.data_fingerprint,
    cutoffs.first_training_date,
    cutoffs.last_training_date,
    cutoffs.last_outcome_date,
    fits.n,
    libraries.library_versions,
    cutoffs.is_serving

from fits
inner join {{ ref('int_backtest_cutoffs') }} as cutoffs
    on
        fits.target = cutoffs.target
        and fits.cutoff_date = cutoffs.cutoff_date
cross join {{ ref('int_as_of_date') }} as fingerprint
cross join {{ ref('ml_library_versions') }} as libraries
