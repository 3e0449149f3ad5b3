//! The real server on a port of its own, in a thread.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::mpsc,
    thread::JoinHandle,
};

use actix_web::{HttpServer, dev::ServerHandle};
use terrace::server::{House, app};

use crate::support::Result;

/// A server that answers until it is dropped.
pub struct Running {
    /// Where.
    pub address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts it, as `terrace serve` does, but for the port and the signals.
    pub fn start(house: &House) -> Result<Self> {
        let (tell, told) = mpsc::channel();
        let house = house.clone();
        let serve = move || {
            actix_web::rt::System::new().block_on(async move {
                let bound = HttpServer::new(move || app(&house)).disable_signals().bind((Ipv4Addr::LOCALHOST, 0));
                let begun = bound.map(|server| (server.addrs(), server.run()));
                match begun {
                    Err(error) => drop(tell.send(Err(error))),
                    Ok((addresses, server)) => {
                        drop(tell.send(Ok((addresses, server.handle()))));
                        if let Err(error) = server.await {
                            eprintln!("the server ended: {error}");
                        }
                    }
                }
            });
        };
        let thread = std::thread::Builder::new().name("server".into()).spawn(serve)?;
        let (addresses, handle) = told.recv()??;
        let address = *addresses.first().ok_or("the server has no address")?;
        Ok(Self { address, handle, thread: Some(thread) })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.handle.stop(true));
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            eprintln!("the server's thread panicked");
        }
    }
}

/// The log as `terrace serve` writes it, to nowhere: what it costs belongs to the measurement.
pub fn start_log() -> Result<()> {
    let nowhere = std::fs::OpenOptions::new().write(true).open("/dev/null")?;
    env_logger::Builder::new()
        .filter_level(log::LevelFilter::Info)
        .target(env_logger::Target::Pipe(Box::new(nowhere)))
        .try_init()?;
    Ok(())
}
