"""All that knows Microsoft Graph: how its calls look, what its answers mean, how to sign in and how fast to go.

    client             posts one batch and says what became of it, over `connections`
    replies            what a reply proves about the steps in the batch
    batch              steps into one request body, one reply body into answers
    access_passes      create and list a pass: steps and verdicts
    directory          look up users, policy and tenant: steps and findings
    refusals           what Graph refuses, said as row errors, from `error_detail`
    sign_in/           access tokens
    pacing/            how many steps may leave now
    clouds             which addresses belong together
    trust              certificates and proxies, for Graph and for signing in
    connection_failures, wire_times    why a connection fails; dates and waits on the wire

`client` with `connections`, and `sign_in`, reach the network; everything else is pure: values in, values out, the clock
given. Wire names (camelCase) stay in here. Nothing in this room repeats a request; that is for `dispatch` to decide,
except for signing in at the start of a command, which tries again for a minute.
"""
