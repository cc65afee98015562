-- Grain: one row per fitted classifier, baseline or model of first orders: target,
-- model, variant and cut-off.

with

windows as (

    select
        target,
        cutoff_date,
        is_serving,
        min(snapshot_date) as first_training_date,
        max(snapshot_date) as last_training_date,
        max(outcome_end_date) as last_outcome_date

    from {{ ref('int_training_windows') }}

    group by
        target,
        cutoff_date,
        is_serving

),

first_order_windows as (

    select
        cutoffs.target,
        cutoffs.cutoff_date,
        cutoffs.is_serving,
        min(labels.ordered_date) as first_training_date,
        max(labels.ordered_date) as last_training_date,
        max(labels.outcome_end_date) as last_outcome_date

    from {{ ref('int_first_order_cutoffs') }} as cutoffs
    inner join {{ ref('int_first_order_labels') }} as labels
        on
            cutoffs.target = labels.target
            and cutoffs.cutoff_date >= labels.outcome_end_date

    group by
        cutoffs.target,
        cutoffs.cutoff_date,
        cutoffs.is_serving

),

fits as (

    select distinct
        target,
        model,
        variant,
        cutoff_date::date as cutoff_date,
        parameters,
        seed,
        n

    from {{ ref('ml_classifier_predictions') }}

    union all

    select distinct
        target,
        model,
        'plain' as variant,
        cutoff_date::date as cutoff_date,
        parameters,
        seed,
        n

    from {{ ref('ml_first_order_predictions') }}

    union all

    select distinct
        target,
        model,
        'plain' as variant,
        cutoff_date,
        '{}' as parameters,
        null as seed,
        training_row_count::bigint as n

    from {{ ref('int_baseline_bins') }}

    union all

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

    union all

    select distinct
        target,
        'blend' as model,
        'level' as variant,
        cutoff_date,
        parameters,
        seed,
        n

    from {{ ref('int_blended_predictions') }}

    union all

    select distinct
        choices.target,
        choices.model,
        choices.variant,
        windows.cutoff_date,
        tuned.parameters,
        {{ var('prediction_seed') }} as seed,
        scores.n

    from {{ ref('int_serving_choices') }} as choices
    inner join windows
        on
            choices.target = windows.target
            and windows.is_serving
    inner join {{ ref('int_tuned_parameters') }} as tuned
        on
            choices.target = tuned.target
            and choices.fitted_model = tuned.model
    inner join {{ ref('ml_customer_scores') }} as scores
        on choices.target = scores.target

),

all_windows as (

    select * from windows

    union all

    select * from first_order_windows

),

dated as (

    select
        fits.*,
        windows.is_serving,
        windows.first_training_date,
        windows.last_training_date,
        windows.last_outcome_date

    from fits
    inner join all_windows as windows
        on
            fits.target = windows.target
            and fits.cutoff_date = windows.cutoff_date

)

select
    md5(
        concat_ws(
            '|', 'predictions', dated.target, dated.model, dated.variant,
            dated.cutoff_date::string, dated.parameters,
            coalesce(dated.seed::string, ''), fingerprint.data_fingerprint
        )
    ) as model_run_id,
    'predictions' as area,
    dated.target,
    dated.model,
    dated.variant,
    dated.cutoff_date,
    dated.parameters,
    dated.seed::bigint as seed,
    fingerprint.data_fingerprint,
    dated.first_training_date,
    dated.last_training_date,
    dated.last_outcome_date,
    dated.n::bigint as n,
    libraries.library_versions,
    dated.is_serving

from dated
cross join {{ ref('int_data_fingerprint') }} as fingerprint
cross join {{ ref('ml_library_versions') }} as libraries
