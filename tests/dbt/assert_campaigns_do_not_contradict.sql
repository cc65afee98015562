-- Who is not to be contacted has no channel and an action that says so, and nobody else
-- has; nobody is held out who is not in the draw.

select customer_id

from {{ ref('campaign_audiences') }}

where
    (assignment = 'contact') = (channel = 'None')
    or (assignment = 'contact') = (
        action like 'Leave %'
        or action like 'Check %'
    )
    or (is_hold_out and not is_in_draw)
    or (is_doubtful and assignment <> 'leave')
    or (assignment = 'contact' and expected_value <= 0)
    or (assignment = 'hold_out' and not is_hold_out)
