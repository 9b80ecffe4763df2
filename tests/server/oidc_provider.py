"""
A real OpenID provider in a process of its own: idpyoidc, a certified implementation, on loopback.

Run as a program with a port, a client and its redirect address. `POST /control` chooses who is
logged in there, and how the next ID token is spoilt: claims changed, or signed by another key.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptojwt.jwk.rsa import new_rsa_key
from cryptojwt.jws.jws import JWS, factory
from idpyoidc.server import Server

SCOPES = ["openid", "email"]
KEYS = [
    {"type": "RSA", "key": "", "use": ["sig"]},
    {"type": "EC", "crv": "P-256", "use": ["sig"]},
]
CRYPT = {
    "kwargs": {
        "keys": {
            "key_defs": [
                {"type": "OCT", "use": ["enc"], "kid": "password"},
                {"type": "OCT", "use": ["enc"], "kid": "salt"},
            ]
        },
        "iterations": 1,
    }
}


def configuration(issuer: str) -> dict[str, Any]:
    """What idpyoidc wants to know of the provider."""
    oidc = "idpyoidc.server.oidc"
    return {
        "issuer": issuer,
        "httpc_params": {"verify": False, "timeout": 1},
        "key_conf": {"key_defs": KEYS, "uri_path": "jwks.json"},
        "preference": {
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        },
        "endpoint": {
            "provider_config": {
                "path": ".well-known/openid-configuration",
                "class": f"{oidc}.provider_config.ProviderConfiguration",
                "kwargs": {},
            },
            "authorization": {
                "path": "authorization",
                "class": f"{oidc}.authorization.Authorization",
                "kwargs": {
                    "response_types_supported": ["code"],
                    "response_modes_supported": ["query"],
                },
            },
            "token": {
                "path": "token",
                "class": f"{oidc}.token.Token",
                "kwargs": {"client_authn_method": ["client_secret_basic", "client_secret_post"]},
            },
        },
        "add_on": {
            "pkce": {
                "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                "kwargs": {"essential": True, "code_challenge_method": {"S256": {}}},
            }
        },
        "authentication": {
            "anon": {
                "acr": "urn:oasis:names:tc:SAML:2.0:ac:classes:InternetProtocolPassword",
                "class": "idpyoidc.server.user_authn.user.NoAuthn",
                "kwargs": {"user": "nora"},
            }
        },
        "userinfo": {"class": "idpyoidc.server.user_info.UserInfo", "kwargs": {"db": {}}},
        "authz": {
            "class": "idpyoidc.server.authz.AuthzHandling",
            "kwargs": {
                "grant_config": {
                    "usage_rules": {
                        "authorization_code": {
                            "supports_minting": ["access_token", "id_token"],
                            "max_usage": 1,
                        },
                        "access_token": {},
                    },
                    "expires_in": 600,
                }
            },
        },
        "token_handler_args": {
            "key_conf": {"key_defs": [{"type": "oct", "bytes": 24, "use": ["enc"], "kid": "code"}]},
            "code": {"lifetime": 600, "kwargs": {"crypt_conf": CRYPT}},
            "token": {
                "class": "idpyoidc.server.token.jwt_token.JWTToken",
                "kwargs": {"lifetime": 600, "aud": ["https://nowhere.example"]},
            },
            "id_token": {"class": "idpyoidc.server.token.id_token.IDToken", "kwargs": {}},
        },
        "session_params": {"encrypter": CRYPT},
    }


class Provider:
    """The provider, who is logged in there, and how the next token is spoilt."""

    def __init__(self, issuer: str, client: str, secret: str, back: str) -> None:
        self.server = Server(configuration(issuer))
        self.server.context.cdb[client] = {
            "client_id": client,
            "client_secret": secret,
            "redirect_uris": [(back, None)],
            "client_salt": "salted",
            "token_endpoint_auth_method": "client_secret_basic",
            "response_types_supported": ["code"],
            "allowed_scopes": SCOPES,
        }
        self.change: dict[str, Any] = {}
        self.foreign_key = False

    def control(self, told: dict[str, Any]) -> None:
        """Set who is logged in, and how the next tokens are spoilt."""
        method = self.server.context.authn_broker.db["anon"]["method"]
        method.user = told.get("user", method.user)
        self.change = told.get("change", {})
        self.foreign_key = told.get("foreignKey", False)

    def metadata(self) -> dict[str, Any]:
        endpoint = self.server.get_endpoint("provider_config")
        return dict(endpoint.process_request()["response_args"])

    def keys(self) -> dict[str, Any]:
        return json.loads(self.server.keyjar.export_jwks_as_json())

    def authorize(self, query: str) -> str:
        """The address that the browser is sent back to."""
        endpoint = self.server.get_endpoint("authorization")
        asked = endpoint.parse_request(dict(parse_qsl(query)))
        if "error" in asked:
            raise ValueError(str(asked))
        found = endpoint.process_request(asked)
        told = found["response_args"]
        return str(told.request(asked["redirect_uri"]))

    def token(self, body: str, authorization: str) -> dict[str, Any]:
        endpoint = self.server.get_endpoint("token")
        info = {"headers": {"authorization": authorization}}
        asked = endpoint.parse_request(dict(parse_qsl(body)), http_info=info)
        if "error" in asked:
            return dict(asked)
        found = endpoint.process_request(asked)
        told = dict(found.get("response_args") or found)
        if "id_token" in told and (self.change or self.foreign_key):
            told["id_token"] = self.spoilt(told["id_token"])
        return told

    def spoilt(self, token: str) -> str:
        """An ID token with some claims changed, signed again by the provider or by a stranger."""
        read = factory(token)
        claims = {**read.jwt.payload(), **self.change}
        own = self.server.keyjar.get_signing_key("RSA")
        keys = [new_rsa_key(kid=own[0].kid)] if self.foreign_key else own
        kept = {name: value for name, value in claims.items() if value is not None}
        return str(JWS(json.dumps(kept), alg="RS256").sign_compact(keys))


def handler(provider: Provider) -> type[BaseHTTPRequestHandler]:  # noqa: C901 — one door, four addresses
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/.well-known/openid-configuration":
                self.tell(provider.metadata())
            elif parts.path == "/jwks.json":
                self.tell(provider.keys())
            elif parts.path == "/authorization":
                self.send_response(302)
                self.send_header("Location", provider.authorize(parts.query))
                self.end_headers()
            else:
                self.tell({}, 404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            if self.path == "/control":
                provider.control(json.loads(body))
                self.tell({})
            else:
                told = provider.token(body, self.headers.get("Authorization", ""))
                self.tell(told, 400 if "error" in told else 200)

        def tell(self, found: dict[str, Any], status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(found, default=str).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Door


def main() -> None:
    port, client, secret, back = sys.argv[1:5]
    issuer = f"http://127.0.0.1:{port}"
    made = Provider(issuer, client, secret, back)
    ThreadingHTTPServer(("127.0.0.1", int(port)), handler(made)).serve_forever()


if __name__ == "__main__":
    main()
