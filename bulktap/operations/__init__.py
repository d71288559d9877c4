"""Operations: the story of every command, a page each.

    plan_roster      read, look up, plan, write down what would happen
    apply_plan       read, hold, look up, plan, show, ask, journal, issue, hand back
    resume_run       open the journal, reach the tenant again, issue the rest, hand back
    write_results    hand back what a journal says once more
    verify_run       ask the tenant about each pass of a run
    list_runs        which runs there are, and how they stand (`listed_run`, `run_glimpse`)

They share `checked_roster`, `look_up_and_decide`, `plan_files`, `saved_plan`, `tenant_questions`, `kept_answers` and
`served_before` (what goes into a plan), `planned_run` (what comes out), `tenant_access` and `sealed_tenant` (the way
into the tenant that a run is for), `guards`, `run_locks`, `recent_passes` and `user_place` (what keeps runs from each
other's passes), `run_journal`, `issue_passes`, `first_results`, `results_ahead`, `hand_back` and `handed_back`
(carrying a plan out), `run_log` and `throttle_watch` (what is written down of it), `loading_ahead` and `side_work`
(what is done while others are waited for), `garbage_collection` (seldom, as rows are many).
`context` is what they get from whoever starts them: questions, secrets, progress and ways into tenants are the affair
of the command line, or of the Python API. What shapes a run comes as `run_settings`. Nothing here prints, asks, or
reads a variable.
"""
