//! The server: the app as `main` and the tests run it, and its life from binding the port to the last answer.

use std::sync::Arc;

use actix_web::{
    App, HttpServer,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::{Compress, from_fn},
    web,
};

use crate::{
    api::{
        endpoint::{self, Endpoint},
        endpoints, extract,
        middleware::{Surroundings, surround},
        problem::Problem,
        telemetry::Telemetry,
    },
    auth::Gate,
    config::Config,
    db::{Db, installation},
    edge::Edge,
    error::{Error, Result},
};

/// What every worker's app is made of.
#[derive(Clone)]
pub struct House {
    /// The gate to the database.
    pub gate: Arc<Gate>,
    around: Arc<Surroundings>,
    endpoints: Arc<[Endpoint]>,
}

impl House {
    /// Opens the database and the keys.
    ///
    /// # Errors
    /// What cannot be opened, in one sentence.
    pub fn open(config: &Config, edge: Arc<Edge>) -> Result<Self> {
        // The database first: a key is not made for one that is none, nor for one that has a key.
        let db = Db::open(&config.database, config.limits, Arc::clone(&edge))?;
        let owner = db.at_start(|conn| Ok(installation::get(conn, installation::KEY_FINGERPRINT)?))?;
        let keys = config.keys(&edge, owner.is_none()).map_err(Error::internal)?;
        let gate = Gate::new(db, Arc::clone(&edge), keys, config.rules)?;
        let around = Surroundings {
            edge,
            telemetry: Telemetry::new()?,
            trusted_proxies: config.trusted_proxies.clone(),
            timeout: config.request_timeout,
            behind_tls: config.behind_tls,
        };
        Ok(Self { gate: Arc::new(gate), around: Arc::new(around), endpoints: endpoints().into() })
    }
}

/// The app.
pub fn app(
    house: &House,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    App::new()
        .app_data(Arc::clone(&house.around))
        .configure(extract::share(Arc::clone(&house.gate)))
        .configure(|config| endpoint::register(&house.endpoints, config))
        .default_service(web::to(|| std::future::ready(Err::<&str, _>(Problem::UnknownRoute))))
        .wrap(Compress::default())
        .wrap(from_fn(surround))
}

/// Serves until told to stop (SIGTERM, SIGINT), then answers what was begun and commits what was queued.
///
/// # Errors
/// When the port cannot be had.
pub async fn serve(config: &Config) -> Result<()> {
    let house = House::open(config, Arc::new(Edge::system()))?;
    let workers = house.clone();
    let mut server = HttpServer::new(move || app(&workers))
        .client_request_timeout(std::time::Duration::from_secs(10))
        .shutdown_timeout(config.request_timeout.as_secs())
        .server_hostname("terrace");
    if let Some(count) = config.workers {
        server = server.workers(count);
    }
    let cannot = |error: std::io::Error| Error::internal(format!("cannot listen on {}: {error}", config.listen));
    let server = server.bind(&config.listen).map_err(cannot)?;
    for address in server.addrs() {
        log::info!("listening on http://{address}");
    }
    tell_what_is_next(&house).await?;
    server.run().await.map_err(Error::internal)?;
    log::info!("stopped");
    Ok(())
}

/// Says what to do with an empty database.
async fn tell_what_is_next(house: &House) -> Result<()> {
    if crate::app::setup::is_empty(&house.gate).await? {
        log::warn!(
            "the database has no accounts yet: run `terrace demo` to look around in a simulated year, or `terrace admin create --username NAME`"
        );
    }
    Ok(())
}
