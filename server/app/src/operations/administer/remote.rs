//! Administration of a running server by its API, with a token by client credentials (RFC 6749 §4.4).

use super::answer::{content, read, send};
use super::credentials::credentials;
use super::{identifier, the_one};
use crate::cli::{ClientTask, Failure, Invitation, Remote, Task, UserTask};
use crate::config::Issuer;
use reqwest::header::{CONTENT_TYPE, ETAG, IF_MATCH};
use reqwest::{Method, RequestBuilder, redirect};
use serde_json::{Map, Value, json};
use signet_protocol::metadata::paths::ADMINISTRATION;
use signet_protocol::permission::Permission;
use signet_protocol::secret::Secret;
use std::path::Path;
use std::time::Duration;
use url::form_urlencoded;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A running server, with a token for one task.
pub(super) struct Caller {
    http: reqwest::Client,
    base: String,
    token: Secret<String>,
}

impl Caller {
    /// Gets a token that allows the task and no more.
    pub(super) async fn enter(remote: &Remote, task: &Task) -> Result<Self, Failure> {
        let server = remote.server.as_deref().unwrap_or_default().trim_end_matches('/');
        // What is no issuer (no https, but on this machine) is told no secret.
        let issuer = Issuer::parse(server)
            .map_err(|error| Failure::Usage(format!("--server: {}: {}", error.wrong, error.mend)))?;
        let http = client(remote.ca.as_deref(), issuer.as_str().starts_with("http:"))?;
        let discovery = format!("{issuer}/.well-known/openid-configuration");
        let provider = read(http.get(discovery)).await?;
        // OpenID Connect Discovery §4.3: the issuer "MUST exactly match".
        if provider["issuer"] != issuer.as_str() {
            let told = format!("{server} says that it is {}: name that one", provider["issuer"]);
            return Err(Failure::Failed(told));
        }
        let endpoint = provider["token_endpoint"].as_str().unwrap_or_default();
        if !endpoint.starts_with(&format!("{issuer}/")) {
            return Err(Failure::Failed(format!(
                "{server}: its token endpoint is elsewhere: no secret is sent there"
            )));
        }
        let base = format!("{issuer}{ADMINISTRATION}");
        let scope: Vec<_> = needed(task).iter().map(|permission| permission.scope()).collect();
        let form = [("grant_type", "client_credentials"), ("resource", &base), ("scope", &scope.join(" "))];
        let (client_id, secret) = credentials()?;
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let request = http.post(endpoint).basic_auth(encoded(&client_id), Some(encoded(secret.expose())));
        let answer = read(request.form(&form)).await?;
        let token = answer["access_token"].as_str().map(|token| token.to_owned().into());
        let token = token.ok_or_else(|| Failure::Failed(format!("{server} gave no access token")))?;
        Ok(Self { http, base, token })
    }

    pub(super) async fn carry_out(&self, task: &Task) -> Result<Value, Failure> {
        match task {
            Task::Client(task) => self.client(task).await,
            Task::User(task) => self.user(task).await,
            Task::Explain(request_id) => self.ask(Method::GET, &["refusals", request_id], None).await,
        }
    }

    async fn client(&self, task: &ClientTask) -> Result<Value, Failure> {
        match task {
            ClientTask::List { search } => Ok(Value::Array(self.all("clients", search.as_deref()).await?)),
            ClientTask::Show(id) => self.ask(Method::GET, &["clients", id], None).await,
            ClientTask::Create(fields) => self.ask(Method::POST, &["clients"], Some(fields)).await,
            ClientTask::Change(id, patch) => self.change(&["clients", id], patch).await,
            ClientTask::RotateSecret { client_id, overlap } => {
                let body =
                    overlap.map(|overlap| ("overlap".to_owned(), json!(overlap))).into_iter().collect();
                self.ask(Method::POST, &["clients", client_id, "secrets"], Some(&body)).await
            }
            ClientTask::Remove(id) => self.remove(&["clients", id]).await,
        }
    }

    async fn user(&self, task: &UserTask) -> Result<Value, Failure> {
        let ended = async |name: &str, what: &str| {
            let id = identifier(&self.find(name).await?);
            self.ask(Method::POST, &["users", &id, what], None).await
        };
        match task {
            UserTask::List { search } => Ok(Value::Array(self.all("users", search.as_deref()).await?)),
            UserTask::Show(name) => self.find(name).await,
            UserTask::Invite(invitation) => {
                self.ask(Method::POST, &["invitations"], Some(&invited(invitation))).await
            }
            UserTask::Disable(name) | UserTask::Enable(name) => {
                let id = identifier(&self.find(name).await?);
                let disabled = json!(matches!(task, UserTask::Disable(_)));
                self.change(&["users", &id], &Map::from_iter([("disabled".to_owned(), disabled)])).await
            }
            UserTask::Unlock(name) => ended(name, "unlock").await,
            UserTask::EndAll(name) => ended(name, "end-all").await,
        }
    }

    async fn find(&self, name: &str) -> Result<Value, Failure> {
        let answer = send(self.request(Method::GET, &["users", name])?).await?;
        if answer.status().is_success() {
            return content(answer).await;
        }
        the_one(name, self.all("users", Some(name)).await?)
    }

    /// Every row of a list, page by page.
    async fn all(&self, list: &str, search: Option<&str>) -> Result<Vec<Value>, Failure> {
        let (mut rows, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let request = self.request(Method::GET, &[list])?.query(&[("limit", "200")]);
            let search = search.map(|search| ("search", search));
            let request = request.query(&search.into_iter().collect::<Vec<_>>());
            let after = cursor.as_deref().map(|cursor| ("cursor", cursor));
            let page = read(request.query(&after.into_iter().collect::<Vec<_>>())).await?;
            rows.extend(page["items"].as_array().into_iter().flatten().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return Ok(rows),
            }
        }
    }

    /// Changes what is there now: what somebody else changes in between is not overwritten.
    async fn change(&self, path: &[&str], patch: &Map<String, Value>) -> Result<Value, Failure> {
        let seen = self.seen(path).await?;
        let request = self.request(Method::PATCH, path)?.header(IF_MATCH, seen);
        read(with_body(request, patch)).await
    }

    async fn remove(&self, path: &[&str]) -> Result<Value, Failure> {
        let seen = self.seen(path).await?;
        read(self.request(Method::DELETE, path)?.header(IF_MATCH, seen)).await
    }

    async fn seen(&self, path: &[&str]) -> Result<String, Failure> {
        let answer = send(self.request(Method::GET, path)?).await?;
        let tag = answer.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        content(answer).await?;
        tag.ok_or_else(|| Failure::Failed("the server does not say which state it gave".to_owned()))
    }

    async fn ask(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&Map<String, Value>>,
    ) -> Result<Value, Failure> {
        let request = self.request(method, path)?;
        read(match body {
            Some(body) => with_body(request, body),
            None => request,
        })
        .await
    }

    fn request(&self, method: Method, path: &[&str]) -> Result<RequestBuilder, Failure> {
        let mut url = url::Url::parse(&self.base).map_err(Failure::of)?;
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path);
        }
        Ok(self.http.request(method, url).bearer_auth(self.token.expose()))
    }
}

/// What a task needs.
fn needed(task: &Task) -> &'static [Permission] {
    use Permission as P;
    match task {
        Task::Client(ClientTask::List { .. } | ClientTask::Show(_)) => &[P::ClientsRead],
        Task::Client(ClientTask::Create(_) | ClientTask::RotateSecret { .. }) => &[P::ClientsWrite],
        Task::Client(ClientTask::Change(..) | ClientTask::Remove(_)) => &[P::ClientsRead, P::ClientsWrite],
        Task::User(UserTask::List { .. } | UserTask::Show(_)) => &[P::UsersRead],
        Task::User(UserTask::Invite(_)) => &[P::UsersWrite],
        Task::User(UserTask::Disable(_) | UserTask::Enable(_)) => &[P::UsersRead, P::UsersWrite],
        Task::User(UserTask::Unlock(_)) => &[P::UsersRead, P::LimitsWrite],
        Task::User(UserTask::EndAll(_)) => &[P::UsersRead, P::SessionsWrite, P::GrantsWrite],
        Task::Explain(_) => &[P::AuditRead],
    }
}

fn invited(invitation: &Invitation) -> Map<String, Value> {
    let Invitation { address, name, roles, language } = invitation;
    let fields = [
        ("email", json!(address)),
        ("name", json!(name)),
        ("roles", json!(roles)),
        ("locale", json!(language)),
    ];
    fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// `plain`: the server is on this machine and is asked without TLS, so that no proxy may come between.
fn client(ca: Option<&Path>, plain: bool) -> Result<reqwest::Client, Failure> {
    // Somebody else may have installed the same one before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder().redirect(redirect::Policy::none()).timeout(TIMEOUT);
    if plain {
        builder = builder.no_proxy();
    }
    if let Some(path) = ca {
        let failed =
            |error: &dyn std::fmt::Display| Failure::Failed(format!("--ca {}: {error}", path.display()));
        let pem = std::fs::read(path).map_err(|error| failed(&error))?;
        let authorities = reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| failed(&error))?;
        builder = builder.tls_certs_merge(authorities);
    }
    builder.build().map_err(Failure::of)
}

fn with_body(request: RequestBuilder, body: &Map<String, Value>) -> RequestBuilder {
    // An object of JSON values can always be written.
    request.header(CONTENT_TYPE, "application/json").body(serde_json::to_vec(body).unwrap_or_default())
}
