-- Grain: one row per solution that was refitted or applied to earlier dates: how alike
-- its labels are after a refit on a resample, and from month start to month start.

with

labels as (

    select * from {{ ref('ml_cluster_labels') }}

),

-- Customers by their labels in the fit and in a refit.
cells as (

    select
        refits.solution_number,
        refits.run_number,
        count(*) as cell_count,
        sum(count(*)) over (
            partition by refits.solution_number, refits.run_number, fits.label
        ) as fit_count,
        sum(count(*)) over (
            partition by refits.solution_number, refits.run_number, refits.label
        ) as refit_count

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

-- Pairs of customers that share a label: in both, in the fit, in the refit, in all.
-- A label's own pairs are spread over its cells, so that every cell adds its part.
agreement as (

    select
        solution_number,
        run_number,
        sum(cell_count * (cell_count - 1)) / 2.0 as both_pairs,
        sum(cell_count * (fit_count - 1)) / 2.0 as fit_pairs,
        sum(cell_count * (refit_count - 1)) / 2.0 as refit_pairs,
        sum(cell_count) * (sum(cell_count) - 1) / 2.0 as all_pairs,
        fit_pairs * refit_pairs / all_pairs as pairs_by_chance

    from cells

    group by
        solution_number,
        run_number

),

bootstraps as (

    select
        solution_number,
        -- Adjusted Rand index (Hubert and Arabie 1985): 1 = the same, 0 = as by chance.
        round(
            avg(
                coalesce(
                    (both_pairs - pairs_by_chance)
                    / nullif((fit_pairs + refit_pairs) / 2 - pairs_by_chance, 0), 1
                )
            ), 9
        ) as bootstrap_ari

    from agreement

    group by solution_number

),

stays as (

    select
        labels.solution_number,
        avg((labels.label = earlier.label)::int) as stay_rate

    from labels
    -- Snapshots count backwards: the one before has the next number.
    inner join labels as earlier
        on
            labels.solution_number = earlier.solution_number
            and labels.sample_number = earlier.sample_number
            and labels.run_number + 1 = earlier.run_number

    where
        labels.run = 'snapshot'
        and earlier.run = 'snapshot'

    group by labels.solution_number

)

select
    coalesce(bootstraps.solution_number, stays.solution_number) as solution_number,
    bootstraps.bootstrap_ari,
    stays.stay_rate

from bootstraps
full outer join stays on bootstraps.solution_number = stays.solution_number
