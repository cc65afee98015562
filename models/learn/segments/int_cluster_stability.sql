-- Grain: one row per solution: how alike its labels are after a refit on a resample.

with

labels as (

    select * from {{ ref('ml_cluster_labels') }}

),

pairs as (

    select
        refits.solution_number,
        refits.run_number,
        fits.label as fit_label,
        refits.label as refit_label,
        count(*) as pair_count

    from labels as refits
    inner join labels as fits
        on
            refits.solution_number = fits.solution_number
            and refits.sample_number = fits.sample_number

    where
        refits.run = 'bootstrap'
        and fits.run = 'fit'

    group by
        refits.solution_number,
        refits.run_number,
        fits.label,
        refits.label

),

sums as (

    select
        *,
        sum(pair_count) over (
            partition by solution_number, run_number, fit_label
        ) as fit_count,
        sum(pair_count) over (
            partition by solution_number, run_number, refit_label
        ) as refit_count

    from pairs

),

-- Pairs of customers that share a label: in both, in the fit, in the refit, in all.
-- A label's own pairs are spread over its cells, so that every cell adds its part.
agreement as (

    select
        solution_number,
        run_number,
        sum(pair_count * (pair_count - 1)) / 2.0 as both_pairs,
        sum(pair_count * (fit_count - 1)) / 2.0 as fit_pairs,
        sum(pair_count * (refit_count - 1)) / 2.0 as refit_pairs,
        sum(pair_count) * (sum(pair_count) - 1) / 2.0 as all_pairs

    from sums

    group by
        solution_number,
        run_number

),

-- Adjusted Rand index (Hubert and Arabie 1985): 1 = the same, 0 = as by chance.
indexes as (

    select
        *,
        case
            when (fit_pairs + refit_pairs) / 2 = fit_pairs * refit_pairs / all_pairs
                then 1
            else
                (both_pairs - fit_pairs * refit_pairs / all_pairs)
                / (
                    (fit_pairs + refit_pairs) / 2
                    - fit_pairs * refit_pairs / all_pairs
                )
        end as adjusted_rand_index

    from agreement

)

select
    solution_number,
    count(*) as bootstrap_count,
    round(avg(adjusted_rand_index), 9) as bootstrap_ari

from indexes

group by
    solution_number
