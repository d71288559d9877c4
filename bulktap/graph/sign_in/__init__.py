"""Signing in: access tokens for Microsoft Graph from the Microsoft identity platform.

The interface is `TokenSource`; the rest of the program knows nothing else of MSAL. How an app proves who it is, is one
value of `Credentials`, and another way of signing in is another member of that union:

    token_source       asks for tokens, tries again, says why there is none
    credentials        who signs in and where; secrets are revealed to MSAL here and nowhere else
    identity_session   the HTTP session that MSAL uses, and what MSAL must not see
    sign_in_errors     the platform's refusals in plain words
"""

from bulktap.graph.sign_in.credentials import ClientSecretCredentials, Credentials, SignInEndpoint
from bulktap.graph.sign_in.sign_in_errors import SignInUnreachable
from bulktap.graph.sign_in.token_source import TokenSource

__all__ = ["ClientSecretCredentials", "Credentials", "SignInEndpoint", "SignInUnreachable", "TokenSource"]
