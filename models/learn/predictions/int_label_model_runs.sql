-- Grain: one row per fitted model of a given outcome: target, model, variant and fold.

with

fingerprint as (

    select
        {{ hash_of_rows(['customer_id', 'target', 'value_text']) }} as data_fingerprint

    from {{ ref('stg_customer_labels') }}

),

fits as (

    select
        ml.target,
        ml.model,
        ml.variant,
        ml.parameters,
        ml.n,
        'repeat ' || ml.repeat::string || ', fold ' || ml.fold::string as split,
        false as is_serving

    from {{ ref('ml_label_predictions') }} as ml

    group by all

    union all

    -- What serves has the parameters of the last fold of the first repeat.
    select
        targets.target,
        chosen.model,
        chosen.variant,
        max_by(ml.parameters, ml.fold) as parameters,
        targets.customer_count as n,
        'all' as split,
        true as is_serving

    from {{ ref('int_label_targets') }} as targets
    inner join {{ ref('chosen_models') }} as chosen
        on targets.target = chosen.target
    inner join {{ ref('ml_label_predictions') }} as ml
        on
            targets.target = split_part(ml.target, '=', 1)
            and chosen.model = ml.model
            and ml.repeat = 1

    group by all

)

select
    md5(
        concat_ws(
            '|', 'predictions', fits.target, fits.model, fits.variant, fits.split,
            fits.parameters, fingerprint.data_fingerprint
        )
    ) as model_run_id,
    'predictions' as area,
    fits.target,
    fits.model,
    fits.variant,
    null::date as cutoff_date,
    fits.parameters,
    {{ var('prediction_seed') }}::bigint as seed,
    fingerprint.data_fingerprint,
    null::date as first_training_date,
    null::date as last_training_date,
    null::date as last_outcome_date,
    fits.n::bigint as n,
    libraries.library_versions,
    fits.is_serving

from fits
cross join fingerprint
cross join {{ ref('ml_library_versions') }} as libraries
