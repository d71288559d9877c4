"""A pretend Microsoft Entra tenant on loopback, for rehearsal and tests.

Read it in this order: `users`, `pass_policy`, `access_passes` and `refusals` (what a tenant holds and says), `tenant`
(the model: replace semantics, policy, scope), `ledger` (the truth that tests compare with), `routes` (one step → one
answer), `envelope` (the rules of `$batch`), `throttling_windows` and `limit_profiles` (throttling), `weather` with
`faults`, `oddities`, `mid_run` and `pages` (seeded faults, odd users, a change in mid-run, pages that are not
Graph's), `service` (a batch through all of these), `tokens` and `assertions` (sign-in), `server`, `certificate` and
`embedded` (HTTPS). `tenant_file` and `state_file` load tenants and keep them.

What the service answers is taken from Microsoft's documentation and from answers that people have published; wording
in quotation marks is verbatim. Nothing here imports the rest of bulktap, so that the simulator cannot agree with the
client by sharing its mistakes. Passcodes leave in the one answer that shows them and are kept as digests only.
"""
