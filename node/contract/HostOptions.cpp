#include "node/contract/HostOptions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <set>

#include "src/base/Encoding.h"
#include "src/base/File.h"

namespace chancery::node::contract {
namespace {

constexpr std::uint64_t kMaxPem = 1U << 20;

Status badOption(std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_OPTION", sentence);
}

const std::set<std::string, std::less<>> kSwitches = {"optimise", "detached"};
const std::set<std::string, std::less<>> kFlags = {
    "package",
    "peer.address",
    "peer.descriptor",
    "chaincode-id-name",
    "chaincode-address",
    "chaincode-id",
    "module-path",
    "ssl-target-name-override",
    "chaincode-tls-key-file",
    "chaincode-tls-key-path",
    "chaincode-tls-cert-file",
    "chaincode-tls-cert-path",
    "chaincode-tls-client-cacert-file",
    "chaincode-tls-client-cacert-path",
    "cpu-limit-ms",
    "time-limit-ms",
    "memory-limit-mb",
    "write-limit-mb",
    "log-level",
};

class Flags {
public:
    Flags(std::map<std::string, std::string> given, const Environment& environment)
        : m_given(std::move(given)), m_environment(environment) {}

    std::string text(const std::string& name, const std::string& otherwise = {}) const {
        if (const auto found = m_given.find(name); found != m_given.end()) return found->second;
        std::string variable = "CORE_" + name;
        std::transform(variable.begin(), variable.end(), variable.begin(), [](unsigned char c) {
            return std::isalnum(c) ? static_cast<char>(std::toupper(c)) : '_';
        });
        return environment(variable).value_or(otherwise);
    }
    std::optional<std::string> environment(const std::string& name) const {
        return m_environment(name);
    }
    bool has(const std::string& name) const { return m_given.contains(name); }

    Result<std::uint64_t> number(const std::string& name, std::uint64_t otherwise,
                                 std::uint64_t most) const {
        const std::string given = text(name);
        if (given.empty()) return otherwise;
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
        if (error != std::errc() || end != given.data() + given.size() || value == 0 ||
            value > most)
            return badOption(fmt::format("--{}: expected a number from 1 to {}", name, most));
        return value;
    }

    /// PEM of --<stem>-file, or base64 of PEM in --<stem>-path; empty when neither is given.
    Result<std::string> pem(const std::string& stem) const {
        const std::string file = text(stem + "-file");
        const std::string path = text(stem + "-path");
        if (!file.empty() && !path.empty())
            return badOption(fmt::format("--{}-file and --{}-path exclude each other", stem, stem));
        if (!file.empty()) return readFile(file, kMaxPem);
        return path.empty() ? Result<std::string>("") : base64File(path);
    }
    static Result<std::string> base64File(const std::string& path) {
        ASSIGN_OR_RETURN(std::string content, readFile(path, kMaxPem));
        std::erase_if(content, [](unsigned char c) { return std::isspace(c); });
        auto pem = fromBase64(content);
        return pem.ok() ? pem : withContext(pem.status(), path);
    }

private:
    std::map<std::string, std::string> m_given;
    const Environment& m_environment;
};

Result<std::map<std::string, std::string>> split(const std::vector<std::string>& arguments) {
    std::map<std::string, std::string> given;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string name = arguments[i];
        // The npm shim's subcommands, which say what the flags say too.
        if (i == 0 && (name == "start" || name == "server")) continue;
        if (!name.starts_with("-"))
            return badOption(fmt::format("'{}' is no option", printable(name, 80)));
        name.erase(0, name.starts_with("--") ? 2 : 1);
        std::optional<std::string> value;
        if (const auto at = name.find('='); at != std::string::npos) {
            value = name.substr(at + 1);
            name.resize(at);
        }
        if (kSwitches.contains(name)) {
            given[name] = "true";
            continue;
        }
        if (!kFlags.contains(name))
            return badOption(fmt::format("there is no option --{}", printable(name, 80)));
        if (!value && i + 1 < arguments.size()) value = arguments[++i];
        if (!value) return badOption(fmt::format("--{} needs a value", name));
        given[name] = *std::move(value);
    }
    return given;
}

Status readAddresses(const Flags& flags, HostOptions& options) {
    if (flags.has("peer.descriptor")) {
        ASSIGN_OR_RETURN(const auto number, flags.number("peer.descriptor", 0, 1 << 20));
        options.peerDescriptor = static_cast<int>(number);
        options.packageId = flags.text("chaincode-id-name");
        if (options.packageId.empty())
            return badOption("give --chaincode-id-name ID, the id of the installed package");
        return {};
    }
    options.peerAddress = flags.text("peer.address");
    options.serverAddress = flags.text("chaincode-address");
    // What sample images of contracts as a service set.
    if (options.serverAddress.empty() && options.peerAddress.empty())
        options.serverAddress = flags.environment("CHAINCODE_SERVER_ADDRESS").value_or("");
    if (flags.has("chaincode-address")) options.peerAddress.clear();
    if (options.peerAddress.empty() == options.serverAddress.empty())
        return badOption("give either --peer.address HOST:PORT or --chaincode-address HOST:PORT");
    const bool dials = !options.peerAddress.empty();
    options.packageId = flags.text(dials ? "chaincode-id-name" : "chaincode-id");
    if (options.packageId.empty() && !dials)
        options.packageId = flags.environment("CHAINCODE_ID").value_or("");
    if (options.packageId.empty())
        return badOption(dials ? "give --chaincode-id-name ID, the id of the installed package"
                               : "give --chaincode-id ID, the id of the installed package");
    if (options.peerAddress.starts_with("http://") || options.peerAddress.starts_with("https://"))
        return badOption(
            "--peer.address is no http(s) address: write HOST:PORT, grpc://HOST:PORT or "
            "grpcs://HOST:PORT");
    return {};
}

Status readClientTls(const Flags& flags, HostOptions& options) {
    std::string enabled = flags.environment("CORE_PEER_TLS_ENABLED").value_or("");
    std::transform(enabled.begin(), enabled.end(), enabled.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    bool wanted = enabled == "true";
    for (const std::string_view scheme : {"grpcs://", "grpc://"}) {
        if (!options.peerAddress.starts_with(scheme)) continue;
        wanted = scheme == "grpcs://";
        options.peerAddress.erase(0, scheme.size());
    }
    if (!wanted) return {};
    rpc::ClientTls tls;
    const auto roots = flags.environment("CORE_PEER_TLS_ROOTCERT_FILE");
    if (!roots) return badOption("TLS needs CORE_PEER_TLS_ROOTCERT_FILE");
    ASSIGN_OR_RETURN(tls.rootsPem, readFile(*roots, kMaxPem));
    rpc::TlsIdentity identity;
    const auto read = [&](const char* kind) -> Result<std::string> {
        if (const auto file = flags.environment(fmt::format("CORE_TLS_CLIENT_{}_FILE", kind)))
            return readFile(*file, kMaxPem);
        if (const auto path = flags.environment(fmt::format("CORE_TLS_CLIENT_{}_PATH", kind)))
            return Flags::base64File(*path);
        return badOption(fmt::format(
            "The client key and cert are needed when TLS is enabled: CORE_TLS_CLIENT_{}_PATH is "
            "not set",
            kind));
    };
    ASSIGN_OR_RETURN(identity.keyPem, read("KEY"));
    ASSIGN_OR_RETURN(identity.certificatePem, read("CERT"));
    tls.identity = std::move(identity);
    tls.serverName = flags.text("ssl-target-name-override");
    options.clientTls = std::move(tls);
    return {};
}

Status readServerTls(const Flags& flags, HostOptions& options) {
    rpc::ServerTls tls;
    ASSIGN_OR_RETURN(tls.identity.keyPem, flags.pem("chaincode-tls-key"));
    ASSIGN_OR_RETURN(tls.identity.certificatePem, flags.pem("chaincode-tls-cert"));
    ASSIGN_OR_RETURN(tls.clientRootsPem, flags.pem("chaincode-tls-client-cacert"));
    if (tls.identity.keyPem.empty() && tls.identity.certificatePem.empty()) return {};
    if (tls.identity.keyPem.empty())
        return badOption("A TLS option is set but no key is specified");
    if (tls.identity.certificatePem.empty())
        return badOption("A TLS option is set but no cert is specified");
    if (!tls.clientRootsPem.empty()) tls.clients = rpc::ClientCertificates::Required;
    options.serverTls = std::move(tls);
    return {};
}

Status readLimits(const Flags& flags, ContractLimits& limits) {
    constexpr std::uint64_t kDay = 86'400'000;
    ASSIGN_OR_RETURN(const auto cpu, flags.number("cpu-limit-ms", limits.computing.count(), kDay));
    ASSIGN_OR_RETURN(const auto time, flags.number("time-limit-ms", limits.lasting.count(), kDay));
    ASSIGN_OR_RETURN(const auto memory,
                     flags.number("memory-limit-mb", limits.maxMemoryBytes >> 20, 1 << 20));
    ASSIGN_OR_RETURN(const auto writes,
                     flags.number("write-limit-mb", limits.maxWriteBytes >> 20, 96));
    limits.computing = std::chrono::milliseconds(cpu);
    limits.lasting = std::chrono::milliseconds(time);
    limits.maxMemoryBytes = memory << 20;
    limits.maxWriteBytes = writes << 20;
    return {};
}

}  // namespace

Result<HostOptions> readHostOptions(const std::vector<std::string>& arguments,
                                    const Environment& environment) {
    ASSIGN_OR_RETURN(auto given, split(arguments));
    const Flags flags(std::move(given), environment);
    HostOptions options;
    options.package = flags.text("package", flags.text("module-path"));
    if (options.package.empty()) return badOption("give --package FOLDER, where the contract lies");
    RETURN_IF_ERROR(readAddresses(flags, options));
    if (!options.serverAddress.empty()) {
        RETURN_IF_ERROR(readServerTls(flags, options));
    } else if (!options.peerAddress.empty()) {
        RETURN_IF_ERROR(readClientTls(flags, options));
    }
    RETURN_IF_ERROR(readLimits(flags, options.limits));
    options.localMspId = flags.environment("CORE_PEER_LOCALMSPID").value_or("");
    options.optimise = flags.has("optimise");
    options.detached = flags.has("detached");
    options.logLevel = flags.text("log-level", options.logLevel);
    if (!std::set<std::string>{"debug", "info", "warning", "error"}.contains(options.logLevel))
        return badOption("--log-level: expected debug, info, warning or error");
    return options;
}

std::string_view hostUsage() {
    return R"(chancery-contract --package FOLDER (--peer.address HOST:PORT --chaincode-id-name ID |
                                    --chaincode-address HOST:PORT --chaincode-id ID)

Runs a contract written in JavaScript for peers of a Fabric network, without Node.js.

  --package PATH               folder with package.json, or a package (.tar.gz)
  --peer.address HOST:PORT     dial this peer
  --chaincode-id-name ID       … as the contract of this package id
  --peer.descriptor N          the peer that starts it left a socket here: frames of
                               a length (4 bytes, lowest first) and a message
  --chaincode-address HOST:PORT  let peers dial here (contract as a service)
  --chaincode-id ID            … the contract of this package id
  --chaincode-tls-key-file, -cert-file, -client-cacert-file FILE
                               TLS as a service (PEM; …-path: base64 of PEM)
  --cpu-limit-ms N             computing time of a transaction (3000)
  --time-limit-ms N            time of a transaction with its waits (25000)
  --memory-limit-mb N          memory of this process (512)
  --write-limit-mb N           what a transaction may write (32)
  --optimise                   let the engine optimise at run time: for contracts
                               that compute much; takes more memory
  --detached                   do not end when standard input ends
  --log-level LEVEL            debug, info, warning or error

TLS to a peer: CORE_PEER_TLS_ENABLED=true, CORE_PEER_TLS_ROOTCERT_FILE, CORE_TLS_CLIENT_KEY_PATH
and CORE_TLS_CLIENT_CERT_PATH (files with base64 of PEM; …_FILE: PEM).
Every flag is also read from the environment: CORE_CHAINCODE_ID_NAME, CORE_PACKAGE …
)";
}

}  // namespace chancery::node::contract
