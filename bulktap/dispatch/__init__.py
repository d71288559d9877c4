"""Dispatch: concurrency; the only layer that repeats anything.

`look_ups` asks the tenant before anything is decided (`user_look_ups`, and beside it, in one `read_stream`,
`pass_look_ups`), and `pass_check` afterwards, through `bulk_query`, which lets no odd user hold up the others:
`row_failures` tells those from an outage, `permission_sample` a forbidden user from a missing permission, `new_users`
one who is not known yet from one who does not exist, and `reachability` says why nothing comes back. What is asked
about each user is in `queries`, what a listed pass has come to in `pass_states`.

`issuance` carries out a plan through `batch_loop`, the only loop: it fills batches, has the journal commit them, sends,
commits what came back, and hands throttled rows back to `row_queues`, where `run_start` has put them. `creates` and
`listings` see a batch of their kind through, `create_requests` says what is asked when a batch leaves and
`create_outcomes` what its reply means. `doubt_rule` is the rule for rows whose reply was lost, `settlements` applies it
to a list, and `closing_comparison` compares every pass once more. `systematic_refusals` keeps refusals back that may be
everybody's, `control_questions` asks whether they are; `failing_lists` and `outage` tell what fails for one row from
what fails for all.

`doubt_times` says how long a lost reply may still have its effect. `sender` puts one batch on the wire with a fresh
token, `recorder` keeps commits off the event loop, `batch_log` says what is logged of a batch, `giving_up` knows when
to give up, `service_clock` what time it is at the service, and `observer` is how the screen and the log get to see it
all.

**A row's life.** How far a row is, what it learns from the answer to its create or from a list of its user's passes,
what is recorded, how far it is then, and what is next. What a line says of a number is a limit in `settlements` and
`row_queues`; nothing but what is recorded moves a row on (`model.run_state`), so that a resumed run stands where this
one stopped. A test draws the table from the code.

    phase     learns                    records            then      next
    not sent  no live pass              -                  not sent  create
    not sent  a live pass               Settled            skipped   done
    not sent  one since a resumed run   Settled            in doubt  done
    sent      created                   Settled            issued    done
    sent      created, of no use        Settled, Noted     issued    done
    sent      refused                   Settled            refused   done
    sent      user not known yet        Released           released  list
    sent      throttled (429)           Released           released  create
    sent      unavailable (503)         Doubted            sent      list
    sent      nothing is proved         Doubted            sent      list
    sent      token rejected (401)      Released           released  create
    sent      could not connect         Released           released  create
    sent      batch rejected (400)      Released           released  create
    sent      rejected a fourth time    Settled            refused   done
    sent      no live pass              Noted              sent      create
    sent      a pass of ours            Noted              sent      create
    sent      lost nine times           Settled            in doubt  done
    sent      another's, ours may land  -                  sent      list
    sent      another's                 Settled            in doubt  done
    sent      the pass we hold          Settled            issued    done
    released  no live pass              -                  released  create
    released  a live pass               Settled            skipped   done
    released  one since a resumed run   Settled            in doubt  done
    issued    the pass we hold          Confirmed          issued    done
    issued    it is of no use           Noted, Confirmed   issued    done
    issued    no pass                   -                  issued    list
    issued    no pass, four times       Noted, Confirmed   issued    done
    issued    a later one               -                  issued    list
    issued    another's, twice          Settled            in doubt  done
    issued    one of ours, twice        Noted              issued    create
    issued    one of ours, third time   Settled            in doubt  done
    refused   anything                  -                  refused   done
    skipped   anything                  -                  skipped   done
    in doubt  anything                  -                  in doubt  done
"""
