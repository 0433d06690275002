//! A redis-server for a test, and a connection that speaks just enough RESP2.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// A reply of the server.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    Nil,
    Integer(i64),
    Text(String),
    Error(String),
    Array(Vec<Reply>),
}

/// A server on a free port; ends with the value.
pub struct Server {
    stream: BufReader<TcpStream>,
    pub port: u16,
    _process: Process,
}

/// The process, ended with the value whatever happens on the way.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It is ours and has nothing to save.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    pub fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
        let mut command = Command::new("redis-server");
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]).stdout(Stdio::null());
        let process = Process(command.spawn().expect("redis-server must be installed to run this test: apt-get install redis-server"));
        // It listens within milliseconds; a loaded machine may take longer.
        for _ in 0..200 {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) {
                return Self { stream: BufReader::new(stream), port, _process: process };
            }
            sleep(Duration::from_millis(50));
        }
        panic!("redis-server did not listen on port {port} within 10 s");
    }

    pub fn call(&mut self, words: &[&str]) -> Reply {
        let mut line = format!("*{}\r\n", words.len());
        for word in words {
            line.push_str(&format!("${}\r\n{word}\r\n", word.len()));
        }
        self.stream.get_mut().write_all(line.as_bytes()).expect("the server takes the command");
        self.read()
    }

    fn read(&mut self) -> Reply {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("the server answers");
        let (kind, rest) = line.trim_end().split_at(1);
        let number = || rest.parse::<i64>().expect("a number");
        match kind {
            "+" => Reply::Text(rest.to_owned()),
            "-" => Reply::Error(rest.to_owned()),
            ":" => Reply::Integer(number()),
            "$" | "*" if number() < 0 => Reply::Nil,
            "$" => {
                let mut bytes = vec![0; number() as usize + 2];
                self.stream.read_exact(&mut bytes).expect("the whole text");
                bytes.truncate(bytes.len() - 2);
                Reply::Text(String::from_utf8_lossy(&bytes).into_owned())
            }
            "*" => Reply::Array((0..number()).map(|_| self.read()).collect()),
            _ => panic!("the server answered {line:?}"),
        }
    }
}
