"""Dispatch: concurrency; the only layer that repeats anything.

`look_ups` asks the tenant before anything is decided, and `pass_check` afterwards, through `survey`, which lets no odd
user hold up the others: `row_failures` tells those from an outage, `permission_sample` a forbidden user from a missing
permission, `new_users` one who is not known yet from one who does not exist, and `reachability` says why nothing comes
back.

`issuance` carries out a plan: it fills batches, has the journal commit them, sends, commits what came back, and hands
throttled rows back to `row_queues`. `creates` and `listings` see a batch of their kind through, `create_requests` says
what is asked when a batch leaves and `create_outcomes` what its reply means. `doubt_rule` is the rule for rows whose
reply was lost, `settlements` applies it to a list, and `closing_comparison` compares every pass once more.
`systematic_refusals` keeps refusals back that may be everybody's, `control_questions` asks whether they are.

`reply_windows` says how long a lost reply may still have its effect. `sender` puts one batch on the wire with a fresh
token, `recorder` keeps commits off the event loop, `batch_log` says what is logged of a batch, `giving_up` knows when
to give up, `service_clock` what time it is at the service, and `observer` is how the screen and the log get to see it
all.
"""
