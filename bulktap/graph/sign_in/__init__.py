"""Signing in: access tokens for Microsoft Graph from the Microsoft identity platform.

The interface is `TokenSource`; the rest of the program knows nothing else of MSAL. How somebody proves who they are is
one value of `Credentials`, and another way of signing in is another member of that union:

    token_source       asks for tokens, tries again, says why there is none
    credentials        who signs in and where
    msal_apps          MSAL's applications behind one interface; secrets are revealed to MSAL here and nowhere else
    certificates       certificate and key from PEM or PFX
    new_certificate    a certificate of one's own
    federation         tokens of other identity services: a file, GitHub Actions
    token_cache        tokens of people and private keys, encrypted by the system
    identity_session   the HTTP sessions that MSAL uses, and what MSAL must not see
    claims             what a token says about itself
    sign_in_errors     the platform's refusals in plain words
"""

from bulktap.graph.sign_in.credentials import (
    CertificateCredentials,
    ClientSecretCredentials,
    Credentials,
    FederatedCredentials,
    ManagedIdentityCredentials,
    PersonCredentials,
    SignInEndpoint,
)
from bulktap.graph.sign_in.sign_in_errors import SignInUnreachable
from bulktap.graph.sign_in.token_source import TokenSource

__all__ = [
    "CertificateCredentials",
    "ClientSecretCredentials",
    "Credentials",
    "FederatedCredentials",
    "ManagedIdentityCredentials",
    "PersonCredentials",
    "SignInEndpoint",
    "SignInUnreachable",
    "TokenSource",
]
