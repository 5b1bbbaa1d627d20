"""How schemathesis calls the administration API: with a token that it asks for anew, since some calls end tokens, and never
about the client that it is itself."""

import os

import requests
import schemathesis

OWN = os.environ["SIGNET_CLIENT_ID"]


@schemathesis.auth(refresh_interval=2)
class ClientCredentials:
    def get(self, case, context):
        answer = requests.post(
            os.environ["SIGNET_TOKEN_ENDPOINT"],
            auth=(OWN, os.environ["SIGNET_CLIENT_SECRET"]),
            data={"grant_type": "client_credentials"},
            timeout=10,
        )
        answer.raise_for_status()
        return answer.json()["access_token"]

    def set(self, case, token, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.hook
def filter_case(context, case):
    return (case.path_parameters or {}).get("client_id") != OWN
