//! Administration of the database: the use cases of the API, and answers of the same shape.

use super::{identifier, the_one};
use crate::boot;
use crate::cli::{ClientTask, Failure, Task, UserTask, in_one_line};
use crate::config::Config;
use crate::http::answers::{ClientAnswer, ClientMade, InvitationMade, SecretMade, UserAnswer, explained};
use crate::operations::{CommandLine, mail};
use crate::pages::Pages;
use serde::Serialize;
use serde_json::{Map, Value, json};
use signet_protocol::id::{ClientId, RequestId, UserId};
use signet_protocol::registration::FieldError;
use signet_service::admin::{Actor, Admin, AdminError, Changing, ClientFilter, PageRequest, UserFilter};
use signet_service::deployment::Deployment;

/// For how long an old secret goes on beside a new one unless something else is said: a day, in seconds.
const OVERLAP: u32 = 86_400;
/// Rows that are read at once.
const ROWS: u64 = 200;

/// The database, and whoever may open it.
pub(super) struct Local<'a> {
    command: &'a CommandLine,
    config: &'a Config,
    deployment: &'a Deployment,
    admin: Admin,
    actor: Actor,
}

impl<'a> Local<'a> {
    pub(super) fn new(command: &'a CommandLine, config: &'a Config, deployment: &'a Deployment) -> Self {
        let admin = deployment.admin(command.clock.clone(), command.random.clone(), boot::hashing(config));
        Self { command, config, deployment, admin, actor: Actor::command_line() }
    }

    pub(super) async fn carry_out(&self, task: &Task) -> Result<Value, Failure> {
        match task {
            Task::Client(task) => self.client(task).await,
            Task::User(task) => self.user(task).await,
            Task::Explain(request_id) => {
                let kept = self.admin.refusal(&self.actor, &RequestId::from(request_id.as_str())).await;
                let pages = Pages::load(crate::pages::Branding::default(), None).map_err(Failure::of)?;
                told(&explained(&pages, kept.map_err(refused)?))
            }
        }
    }

    async fn client(&self, task: &ClientTask) -> Result<Value, Failure> {
        let (admin, actor) = (&self.admin, &self.actor);
        match task {
            ClientTask::List { search } => self.clients(search.as_deref()).await,
            ClientTask::Show(id) => {
                let record = admin.client(actor, &ClientId::from(id.as_str())).await.map_err(refused)?;
                told(&ClientAnswer::from(record))
            }
            ClientTask::Create(fields) => {
                let made =
                    admin.create_client(actor, fields.clone(), (None, false)).await.map_err(refused)?;
                told(&ClientMade::from(made))
            }
            ClientTask::Change(id, patch) => {
                let id = ClientId::from(id.as_str());
                let changed = admin.change_client(actor, &id, patch.clone(), Changing::default()).await;
                told(&ClientAnswer::from(changed.map_err(refused)?.record))
            }
            ClientTask::RotateSecret { client_id, overlap } => {
                let id = ClientId::from(client_id.as_str());
                let shown = admin.rotate_client_secret(actor, &id, overlap.unwrap_or(OVERLAP)).await;
                told(&SecretMade::from(shown.map_err(refused)?))
            }
            ClientTask::Remove(id) => {
                let id = ClientId::from(id.as_str());
                admin.remove_client(actor, &id, Changing::default()).await.map_err(refused)?;
                Ok(Value::Null)
            }
        }
    }

    async fn clients(&self, search: Option<&str>) -> Result<Value, Failure> {
        let filter = ClientFilter { search: search.map(str::to_owned), disabled: None };
        let mut request = PageRequest { limit: Some(ROWS), ..PageRequest::default() };
        let mut all = Vec::new();
        loop {
            let page = self.admin.clients(&self.actor, &filter, &request).await.map_err(refused)?;
            for record in page.items {
                all.push(told(&ClientAnswer::from(record))?);
            }
            match page.next_cursor {
                None => return Ok(Value::Array(all)),
                cursor => request.cursor = cursor,
            }
        }
    }

    async fn user(&self, task: &UserTask) -> Result<Value, Failure> {
        let (admin, actor) = (&self.admin, &self.actor);
        match task {
            UserTask::List { search } => Ok(Value::Array(self.users(search.as_deref()).await?)),
            UserTask::Show(name) => self.find(name).await,
            UserTask::Invite(invitation) => {
                let invited =
                    mail::invite(self.command, self.config, self.deployment, invitation.clone()).await?;
                told(&InvitationMade::new(invited.link.as_ref(), invited.days))
            }
            UserTask::Disable(name) | UserTask::Enable(name) => {
                let mut patch = Map::new();
                patch.insert("disabled".to_owned(), json!(matches!(task, UserTask::Disable(_))));
                let id = UserId::from(identifier(&self.find(name).await?));
                let changed = admin.edit_user(actor, &id, patch, Changing::default()).await;
                told(&UserAnswer::from(changed.map_err(refused)?.record))
            }
            UserTask::Unlock(_) => Err(Failure::Usage(
                "limits are counted by running servers: say which one with --server".to_owned(),
            )),
            UserTask::EndAll(name) => {
                let id = UserId::from(identifier(&self.find(name).await?));
                admin.end_everything_of(actor, &id).await.map_err(refused)?;
                Ok(Value::Null)
            }
        }
    }

    async fn users(&self, search: Option<&str>) -> Result<Vec<Value>, Failure> {
        let filter = UserFilter { search: search.map(str::to_owned), ..UserFilter::default() };
        let mut request = PageRequest { limit: Some(ROWS), ..PageRequest::default() };
        let mut all = Vec::new();
        loop {
            let page = self.admin.users(&self.actor, &filter, &request).await.map_err(refused)?;
            for record in page.items {
                all.push(told(&UserAnswer::from(record))?);
            }
            match page.next_cursor {
                None => return Ok(all),
                cursor => request.cursor = cursor,
            }
        }
    }

    async fn find(&self, name: &str) -> Result<Value, Failure> {
        match self.admin.user(&self.actor, &UserId::from(name)).await {
            Ok(record) => told(&UserAnswer::from(record)),
            Err(AdminError::NotFound(_)) => the_one(name, self.users(Some(name)).await?),
            Err(error) => Err(refused(error)),
        }
    }
}

fn told(answer: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(answer).map_err(Failure::of)
}

fn refused(error: AdminError) -> Failure {
    match error {
        AdminError::Invalid(faults) => {
            let line = |fault: &FieldError| {
                format!("  {}: {}", in_one_line(&fault.field), in_one_line(&fault.message))
            };
            let lines: Vec<_> = faults.iter().map(line).collect();
            Failure::Failed(format!("the request does not fit\n{}", lines.join("\n")))
        }
        error => Failure::of(error),
    }
}
