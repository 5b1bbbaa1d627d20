//! From a configuration to a running server.

use crate::cli::of_configuration;
use crate::config::{Config, configuration, effective, mail, master_key, tls};
use crate::demo;
use crate::http::{self, State};
use crate::operations::CommandLine;
use crate::pages::{self, Pages, WebLink};
use crate::start_error::StartError;
use signet_jose::MasterKeys;
use signet_protocol::environment::{Clock, Random};
use signet_protocol::secret::Secret;
use signet_service::background::Background;
use signet_service::configuration::Decided;
use signet_service::deployment::Deployment;
use signet_service::doctor::Doctor;
use signet_service::mail::{NotRendered, Post, Render};
use signet_service::settings::{Changeable, Live, Settings};
use signet_service::signin::password::breached::BreachedList;
use signet_service::signin::password::{Hashing, PasswordRules, PasswordSettings};
use signet_service::{Foundation, OnlyNode, Operating, Service};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// What a person who starts the server needs to know.
pub struct Announcement {
    /// Where it listens.
    pub address: SocketAddr,
    /// The issuer.
    pub issuer: String,
    /// The administrator's password, if this was the first start.
    pub admin_password: Option<Secret<String>>,
    /// Where the demo is.
    pub demo: Option<SocketAddr>,
    /// Where the master key was made, if this was the first start.
    pub master_key: Option<PathBuf>,
}

/// A server that listens.
pub struct Booted {
    /// What to tell about it.
    pub announcement: Announcement,
    background: Background,
    deployment: Deployment,
    servers: Vec<actix_web::dev::ServerHandle>,
    only_node: Option<OnlyNode>,
}

/// Settings as the use cases need them.
pub fn settings(config: &Config) -> Settings {
    Settings {
        issuer: config.server.issuer.as_str().into(),
        code_lifetime: config.tokens.code_lifetime,
        product_name: config.branding.product_name.as_str().into(),
        loopback: config.server.issuer.is_loopback(),
        factor_policy: config.factors.policy,
        email_codes: config.factors.email_code,
        audit_retention_days: config.audit.retention_days,
        refusal_days: config.refusals.days,
        refusal_rows: config.refusals.max_rows,
        token_issue: config.audit.token_issue,
        audit_sinks: config.audit.sinks.clone().into(),
        host: config.server.issuer.mail_domain().into(),
        fingerprint: config.fingerprint().into(),
        key_rotation: config.keys.rotation_days.saturating_mul(86_400),
        key_publish_ahead: config.keys.publish_ahead,
        live: Live::new(changeable(config)),
    }
}

/// Those that may change while the server runs.
fn changeable(config: &Config) -> Changeable {
    Changeable {
        access_token_lifetime: config.tokens.access_token_lifetime,
        id_token_lifetime: config.tokens.id_token_lifetime,
        refresh_idle_lifetime: config.tokens.refresh_idle_lifetime,
        refresh_lifetime: config.tokens.refresh_lifetime,
        session_idle_lifetime: config.sessions.idle_lifetime,
        session_lifetime: config.sessions.lifetime,
        limits: config.limits.clone(),
        remember_days: config.factors.remember_days,
        self_registration: config.accounts.self_registration,
        registration_domains: config.accounts.mail_domains.clone(),
        deletion_grace_days: config.accounts.deletion_grace_days,
    }
}

/// What follows from a configuration.
fn decided(config: &Config) -> Decided {
    Decided { changeable: changeable(config), keys: effective(config) }
}

/// How passwords are hashed.
pub fn hashing(config: &Config) -> Hashing {
    let passwords = &config.passwords;
    Hashing {
        memory_kib: passwords.memory_kib,
        iterations: passwords.iterations,
        parallelism: passwords.parallelism,
    }
}

/// Which passwords may be chosen; opens the list of those that became known.
pub fn password_rules(config: &Config) -> Result<PasswordRules, StartError> {
    let open = |path: &PathBuf| {
        BreachedList::open(path).map(Arc::new).map_err(|error| {
            StartError::of(format_args!("passwords.breached_list: {} {error}", path.display()))
        })
    };
    Ok(PasswordRules {
        policy: config.password_policy(),
        breached: config.passwords.breached_list.as_ref().map(open).transpose()?,
        product_name: config.branding.product_name.as_str().into(),
    })
}

fn branding(config: &Config) -> Result<pages::Branding, StartError> {
    let own = pages::Branding::default();
    let colour = |chosen: &Option<crate::config::Colour>, default: pages::Colour| match chosen {
        Some(colour) => colour.as_str().parse().map_err(StartError::of),
        None => Ok(default),
    };
    Ok(pages::Branding {
        product_name: config.branding.product_name.clone(),
        language: config.branding.language.clone(),
        logo: config.branding.logo.clone(),
        accent_light: colour(&config.branding.accent, own.accent_light)?,
        accent_dark: colour(&config.branding.accent_dark, own.accent_dark)?,
    })
}

/// Connects to the database and to Redis.
pub async fn deployment(config: &Config) -> Result<Deployment, StartError> {
    let redis = config.redis.as_ref().map(|redis| redis.url.expose().as_str());
    let url = config.database.url.expose();
    Deployment::open(url, redis, config.server.issuer.as_str()).await.map_err(StartError::of)
}

/// Master keys from their bytes.
pub fn master_keys(bytes: &master_key::MasterKeyBytes) -> Result<MasterKeys, StartError> {
    let previous: Vec<[u8; 32]> = bytes.previous.iter().map(|key| *key.expose()).collect();
    MasterKeys::new(bytes.current.expose(), &previous).map_err(StartError::of)
}

/// How mails leave, if they do.
fn post(config: &Config, pages: &Arc<Pages>) -> Result<Option<Post>, StartError> {
    let (pages, issuer) = (pages.clone(), config.server.issuer.to_string());
    let render: Render =
        Arc::new(move |letter| pages.mail(letter, &issuer).map_err(|error| NotRendered(error.to_string())));
    let way = mail::way(config).map_err(StartError::of)?;
    Ok(way.map(|(transport, sender)| Post { transport, sender, render }))
}

async fn warn_of_unknown_tiers(config: &Config, deployment: &Deployment) -> Result<(), StartError> {
    let clients = deployment.clients_of_unknown_tiers(&config.limits).await.map_err(StartError::of)?;
    for (client, tier) in clients {
        tracing::warn!(%client, %tier, "`limits.tiers` does not name the tier of this client: it has the limits of clients without one");
    }
    Ok(())
}

/// Looks at everything that `signet doctor` does, for the overview of a running server.
fn doctor(config: &Config, deployment: &Deployment, (clock, random): (&Clock, &Random)) -> Doctor {
    let (config, deployment) = (config.clone(), deployment.clone());
    let command = CommandLine { clock: clock.clone(), random: random.clone() };
    let (config, command) = (Arc::new(config), Arc::new(command));
    Doctor::new(move || {
        let (config, deployment, command) = (config.clone(), deployment.clone(), command.clone());
        Box::pin(async move {
            let mut findings = config.advice();
            findings.extend(of_configuration(&config));
            findings.extend(command.examine(&config, &deployment).await);
            findings
        })
    })
}

/// Starts everything, on the actix system that this is called on.
pub async fn boot(config: &Config, clock: Clock, random: Random) -> Result<Booted, StartError> {
    let master = master_key::load_or_create(config, &random).map_err(StartError::of)?;
    let passwords = PasswordSettings {
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        hashing: hashing(config),
        rules: password_rules(config)?,
    };
    let deployment = deployment(config).await?;
    let only_node = deployment.be_the_only_node().await.map_err(StartError::of)?;
    for name in deployment.migrate().await.map_err(StartError::of)? {
        tracing::info!(migration = name, "applied");
    }
    warn_of_unknown_tiers(config, &deployment).await?;
    let settings = Arc::new(settings(config));
    let pages = Pages::load(branding(config)?, config.templates.clone()).map_err(StartError::of)?;
    let pages = Arc::new(pages);
    let foundation = Foundation {
        deployment: deployment.clone(),
        only_node: only_node.clone(),
        master: Arc::new(master_keys(&master)?),
        post: post(config, &pages)?,
        clock: clock.clone(),
        random: random.clone(),
        settings,
        operating: Operating {
            configuration: configuration(config, decided),
            doctor: doctor(config, &deployment, (&clock, &random)),
            address: config.server.listen.to_string(),
        },
        languages: pages.languages().clone(),
        passwords,
    };
    let (service, audit) = Service::open(foundation).await.map_err(StartError::of)?;
    let admin = deployment.admin(clock.clone(), random.clone(), hashing(config));
    let tls = config.server.tls.as_ref().map(tls::load).transpose().map_err(StartError::of)?;
    let demo = demo::start(config, &admin, pages.clone(), clock.clone(), random.clone()).await?;
    let demo_address = demo.as_ref().map(|(address, _)| *address);
    let state = State::new(http::Parts {
        service: service.clone(),
        pages,
        clock,
        random,
        issuer: config.server.issuer.clone(),
        trusted_proxies: config.server.trusted_proxies.clone(),
        mail_folder: mail::folder(config).filter(|_| config.server.issuer.is_loopback()),
        demo_url: demo_address.and_then(|address| WebLink::new(&format!("http://{address}/"))),
    });
    let listening = http::server::bind(state, config.server.listen, tls).map_err(|error| {
        StartError::of(format_args!(
            "cannot listen on {}: {error}; change server.listen or free the port",
            config.server.listen
        ))
    })?;
    // Last of all that can fail: its password is told once, by whoever starts up.
    let admin_password = match config.server.issuer.is_loopback() {
        true => admin.first_administrator().await.map_err(StartError::of)?,
        false => None,
    };
    let mut servers = vec![listening.server.handle()];
    actix_web::rt::spawn(listening.server);
    if let Some((_, server)) = demo {
        servers.push(server.handle());
        actix_web::rt::spawn(server);
    }
    let address = listening.address;
    let background = Background::start(&service, audit);
    let announcement = Announcement {
        address,
        issuer: config.server.issuer.as_str().to_owned(),
        admin_password,
        demo: demo_address,
        master_key: master.made,
    };
    Ok(Booted { announcement, background, deployment, servers, only_node })
}

impl Booted {
    /// Stops accepting, finishes what is in flight, records what is left.
    pub async fn stop(self) {
        for server in &self.servers {
            server.stop(true).await;
        }
        self.background.stop().await;
        self.deployment.close().await;
        if let Some(only_node) = &self.only_node {
            only_node.release().await;
        }
    }
}
