//! The vocabularies of client tables.

use crate::command::words::words;

words! {
    /// Whose registry a library comes from.
    Ecosystem {
        /// npm: TypeScript and JavaScript.
        Npm = "npm",
        /// RubyGems.
        Gem = "gem",
    }
}

words! {
    /// What kind of client a value is.
    Role {
        /// A client with a connection of its own.
        Connection = "connection",
        /// Several connections; commands need a lease, unless the table says otherwise.
        Pool = "pool",
        /// A connection of a pool, for the length of a block.
        Lease = "lease",
        /// Collects commands and sends them together.
        Pipeline = "pipeline",
        /// Collects commands that the server runs as one.
        Transaction = "transaction",
        /// Receives messages.
        Subscriber = "subscriber",
        /// A client of a cluster.
        Cluster = "cluster",
        /// A configuration that makes clients: `RedisClient.config(…)`.
        Config = "config",
        /// A cache or store that has clients inside: `Rails.cache`.
        Store = "store",
    }
}

words! {
    /// When a client opens its connection.
    Connect {
        /// `connect()` must be called.
        Explicit = "explicit",
        /// With the first command, or by itself.
        Lazy = "lazy",
        /// There is none: HTTP.
        None = "none",
    }
}

words! {
    /// What a new client takes over from the one it is made from.
    Copies {
        /// Construction options.
        Options = "options",
        /// The key prefix.
        Prefix = "prefix",
        /// Event listeners.
        Listeners = "listeners",
    }
}

words! {
    /// Arguments a construction takes.
    ArgumentShape {
        /// None.
        None = "none",
        /// A connection string.
        Url = "url",
        /// A port.
        Port = "port",
        /// Port and host.
        PortHost = "port,host",
        /// Port, host and options.
        PortHostOptions = "port,host,options",
        /// Connection string and options.
        UrlOptions = "url,options",
        /// Options object.
        Options = "options",
        /// Path of a socket.
        Path = "path",
        /// Keyword arguments.
        Keywords = "keywords",
        /// List of cluster nodes.
        Nodes = "nodes",
        /// List of cluster nodes and options.
        NodesOptions = "nodes,options",
        /// A client that is wrapped.
        Client = "client",
        /// A block that makes a client.
        Block = "block",
    }
}

words! {
    /// What the library says of a construction or a way to get at a client.
    ApiVerdict {
        /// Nothing.
        Fine = "fine",
        /// It will go.
        Deprecated = "deprecated",
        /// It is gone.
        Removed = "removed",
    }
}

words! {
    /// What becomes of a method name.
    MethodVerdict {
        /// It is a method and does what the table says.
        Exists = "exists",
        /// This library does not have it, though it names a command.
        Missing = "missing",
        /// It will go.
        Deprecated = "deprecated",
        /// It was there, and is gone.
        Removed = "removed",
        /// It bypasses the namespace of the client.
        Unprefixed = "unprefixed",
        /// It takes a callback and returns no promise.
        Callback = "callback",
        /// It was called on the pool itself.
        Pool = "pool",
    }
}

words! {
    /// How much the code shows of what a value is, from little to much.
    Evidence {
        /// Only its name.
        Named = "named",
        /// An import, a constant or an accessor of the library.
        Imported = "imported",
        /// A type.
        Declared = "declared",
        /// Its construction.
        Constructed = "constructed",
    }
}

words! {
    /// How command names become method names.
    Case {
        /// `hgetall`.
        Lower = "lower",
        /// `HGETALL`; `XGROUP_CREATE`.
        Upper = "upper",
        /// `hGetAll`, as the table's list of names spells them.
        Camel = "camel",
        /// `json_get`, `xgroup_create`: words joined by `_`.
        Snake = "snake",
    }
}

words! {
    /// How commands with subcommands are called.
    Container {
        /// `xgroup("CREATE", …)`.
        OneMethod = "one-method",
        /// `xGroupCreate(…)`.
        Flattened = "flattened",
        /// `json.get(…)`, `xgroup.create(…)`: a property per container.
        Property = "property",
    }
}

words! {
    /// What a method name that is no command does.
    UnknownMethod {
        /// It is sent to the server.
        Command = "command",
        /// It is an error of the language.
        Error = "error",
    }
}

words! {
    /// What an iterating method yields.
    Iterates {
        /// One key, field, member or pair at a time.
        Keys = "keys",
        /// An array at a time, which may be empty.
        Pages = "pages",
    }
}

words! {
    /// Anything out of the ordinary in a method's arguments or reply.
    MethodShape {
        /// Answers true or false.
        Boolean = "boolean",
        /// Makes a method of the name given.
        DefinesMethod = "defines-method",
        /// Takes keys as a list and answers with a map, or takes a map.
        Mapped = "mapped",
        /// Takes a list of commands.
        Commands = "commands",
    }
}

words! {
    /// What a block given to a method gets.
    BlockGets {
        /// An item of the reply.
        Item = "item",
        /// A page of the reply.
        Page = "page",
        /// A message.
        Message = "message",
        /// The subscription, to register handlers on.
        Subscription = "subscription",
        /// The whole reply.
        Reply = "reply",
        /// The client, for as long as the command is in force.
        Client = "client",
    }
}

words! {
    /// Where the words of a raw command stand.
    RawWords {
        /// Each is an argument.
        Arguments = "arguments",
        /// They are in an array.
        Array = "array",
        /// The name is an argument and the rest is in an array.
        NameAndArray = "name-and-array",
        /// An object that was made with the words: `new Command("GET", ["k"])`.
        Object = "object",
    }
}

words! {
    /// A shape of the arguments after the fixed slots of a command.
    FormShape {
        /// An object literal.
        Options = "options",
        /// Keyword arguments.
        Keywords = "keywords",
        /// A hash in braces.
        Hash = "hash",
        /// Literals in a row: `"EX", 60`.
        Tokens = "tokens",
        /// A bare number.
        Number = "number",
        /// A block.
        Block = "block",
        /// A spread: nothing is known.
        Spread = "spread",
        /// A number with a fraction in the TTL slot.
        Fraction = "fraction",
        /// Nothing where a TTL belongs: `ex: nil`.
        Nil = "nil",
    }
}

words! {
    /// What the library does with a form of arguments.
    FormVerdict {
        /// As it says.
        Accepted = "accepted",
        /// Nothing: it is dropped in silence.
        Ignored = "ignored",
        /// It raises, or the server does.
        Rejected = "rejected",
        /// Two arguments take each other's place.
        Swapped = "swapped",
        /// A time-out becomes one more key.
        TimeoutAsKey = "timeout-as-key",
        /// The fraction is cut off.
        Truncated = "truncated",
        /// It needs another method.
        WrongMethod = "wrong-method",
    }
}

words! {
    /// What kind of value an argument is.
    ValueKind {
        /// A number.
        Number = "number",
        /// A string.
        String = "string",
        /// An object or hash.
        Object = "object",
        /// An array.
        Array = "array",
        /// True or false.
        Boolean = "boolean",
        /// Nil, null, undefined.
        Nil = "nil",
        /// Perhaps nil.
        Nilable = "nilable",
        /// A date or time.
        Time = "time",
        /// A duration: `1.hour`.
        Duration = "duration",
        /// A symbol.
        Symbol = "symbol",
        /// A list without members, where a command takes any number of arguments.
        Empty = "empty",
    }
}

words! {
    /// What the library does with a value.
    ValueVerdict {
        /// It is stored as meant.
        Accepted = "accepted",
        /// It raises.
        Rejected = "rejected",
        /// Its programmer's text is stored: `[object Object]`, `{:a=>1}`.
        Stringified = "stringified",
        /// Its members become arguments of their own.
        Flattened = "flattened",
        /// An empty string is stored.
        Emptied = "emptied",
        /// The library encodes it as JSON, and decodes it.
        Encoded = "encoded",
    }
}

words! {
    /// What a queue of commands is.
    QueueKind {
        /// Sent together.
        Pipeline = "pipeline",
        /// Run by the server as one.
        Transaction = "transaction",
    }
}

words! {
    /// Whether the block of a queue must take the queue as its parameter.
    BlockParameter {
        /// The client itself queues inside the block, too.
        Optional = "optional",
        /// Only the parameter queues.
        Required = "required",
    }
}

words! {
    /// What a command on the outer client does while a queue of it is open.
    Outer {
        /// It is queued.
        Queued = "queued",
        /// It runs at once.
        Immediate = "immediate",
    }
}

words! {
    /// What a queued command returns.
    CommandReturns {
        /// The queue.
        Queue = "queue",
        /// A placeholder.
        Future = "future",
        /// Nothing of use.
        Nothing = "nothing",
        /// A promise of its reply.
        Promise = "promise",
    }
}

words! {
    /// How the error of one queued command shows.
    QueueErrors {
        /// The run raises.
        Raised = "raised",
        /// It stands among the replies.
        InReply = "in-reply",
    }
}

words! {
    /// How a transaction shows that a watched key changed.
    QueueAbort {
        /// The run raises.
        Raised = "raised",
        /// The run answers nil.
        NilReply = "nil-reply",
    }
}

words! {
    /// What the library does with a construction option.
    OptionVerdict {
        /// It reads it.
        Accepted = "accepted",
        /// It drops it in silence.
        Ignored = "ignored",
        /// It raises.
        Rejected = "rejected",
        /// It read it once.
        Removed = "removed",
        /// It belongs to another library or version under another name.
        Misnamed = "misnamed",
    }
}

words! {
    /// What a construction option is about.
    OptionMeans {
        /// Host.
        Host = "host",
        /// Port.
        Port = "port",
        /// Connection string.
        Url = "url",
        /// Number of the database.
        Db = "db",
        /// Key prefix.
        Prefix = "prefix",
        /// Password or token.
        Password = "password",
        /// How often it tries again.
        Retries = "retries",
        /// Whether the server's certificate is checked.
        TlsVerify = "tls-verify",
        /// TLS at all.
        Tls = "tls",
        /// How long it waits for a reply or connection.
        Timeout = "timeout",
        /// How long it waits for a reply, for ever when it is not given.
        CommandTimeout = "command-timeout",
        /// Cluster nodes.
        Nodes = "nodes",
        /// The RESP version.
        Protocol = "protocol",
        /// How many connections.
        PoolSize = "pool-size",
        /// Whether replies that look like JSON are decoded.
        Decode = "decode",
    }
}

words! {
    /// What happens when an error event has no listener.
    ListenerNeed {
        /// The process ends.
        Crash = "crash",
        /// A line on the console.
        Log = "log",
        /// Nothing.
        None = "none",
    }
}

words! {
    /// What a blocking command does to others on the connection.
    BlockingEffect {
        /// They wait.
        Stalls = "stalls",
        /// It has a connection of its own.
        Isolated = "isolated",
        /// The library has no blocking commands.
        Absent = "absent",
    }
}

words! {
    /// Whether other commands may run on a connection that is subscribed.
    SubscriberMode {
        /// They are refused.
        Refuses = "refuses",
        /// They run.
        Allows = "allows",
    }
}

words! {
    /// What a library that takes a client uses it for.
    Purpose {
        /// A queue of jobs: blocks on the connection.
        Queue = "queue-library",
        /// Sessions.
        Sessions = "sessions",
        /// A cache.
        Cache = "cache",
        /// Locks.
        Lock = "lock",
        /// Rate limits.
        RateLimit = "rate-limit",
        /// Messages between processes.
        Messages = "messages",
    }
}
