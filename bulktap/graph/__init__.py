"""All that knows Microsoft Graph: how its calls look, what its answers mean, how to sign in and how fast to go.

`batch`, `access_passes`, `directory` and `pacing` are pure: values in, values out, the clock given. `client` and
`auth` are the doors to aiohttp and msal, and `trust` is what both of them know about certificates and proxies,
`line_faults` about why a connection fails.
Wire names (camelCase) stay in here. Nothing in this room repeats a request; that is for `dispatch` to decide.
"""
