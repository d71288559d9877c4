"""Dispatch: concurrency; the only layer that repeats anything.

`look_up` asks the tenant before anything is decided, through `reading`, which lets no odd user hold up the others:
`row_failures` tells those from an outage, `permission_sample` a forbidden user from a missing permission, `newcomers`
one who is not known yet from one who does not exist, and `reachability` says why nothing comes back. `issuing`
carries out a plan: it fills batches, has the journal commit them, sends, commits what came back, and hands throttled
rows back to the queue. `doubts` is the rule for rows whose reply was lost, `settling` applies it, and `closing`
compares what it touched once more; `asking` says what is asked when a batch leaves, `handling` turns replies into
events, `withholding` keeps refusals back that may be the tenant's, `sending` puts one batch on the wire with a fresh
token, `recording` keeps commits off the event loop, `batch_log` says what is logged of a batch, `patience` knows when
to give up, `service_clock` knows what time it is at the service, and `observer` is how the screen and the log get to
see it all.
"""
