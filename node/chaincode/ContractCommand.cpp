#include "node/chaincode/ContractCommand.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <sstream>

#include "src/base/Encoding.h"
#include "src/base/File.h"

namespace chancery::node {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kShimCommand = "fabric-chaincode-node";

Status missing(std::string_view reason, std::string sentence) {
    return makeError(StatusCode::kFailedPrecondition, reason, sentence);
}

/// What Fabric's command line packs lies below src/.
fs::path nodeFolder(const fs::path& code) {
    std::error_code error;
    return fs::exists(code / "src" / "package.json", error) ? code / "src" : code;
}

/// The words of scripts.start in package.json: what `npm start` would run.
Result<std::vector<std::string>> startScript(const fs::path& folder) {
    ASSIGN_OR_RETURN(const Bytes text, readFile(folder / "package.json", 1U << 20));
    const auto json = nlohmann::json::parse(text, nullptr, false);
    std::string script;
    if (json.is_object() && json.contains("scripts") && json["scripts"].is_object())
        script = json["scripts"].value("start", std::string());
    std::vector<std::string> words;
    std::istringstream in(script);
    for (std::string word; in >> word;) words.push_back(word);
    if (words.empty())
        return makeError(StatusCode::kInvalidArgument, "BAD_PACKAGE_JSON",
                         "package.json has no script \"start\"");
    // It is run without a shell.
    if (script.find_first_of("\"'`$&|;<>()\\*?~") != std::string::npos)
        return makeError(StatusCode::kInvalidArgument, "BAD_PACKAGE_JSON",
                         fmt::format("the script \"start\" of package.json needs a shell: {}",
                                     printable(script, 200)));
    return words;
}

Result<fs::path> nodeProgramOf(const ChaincodeOptions& options) {
    if (!options.nodeProgram.empty()) return options.nodeProgram;
    auto found = process::findProgram("node");
    if (!found.ok())
        return missing("NO_NODE", "Node.js is not installed: there is no program node in PATH");
    return found;
}

/// The script behind a command of an npm module.
Result<fs::path> shimScript(const fs::path& folder, const ChaincodeOptions& options) {
    std::error_code error;
    for (const fs::path& modules : {folder / "node_modules", options.nodeModules}) {
        if (modules.empty()) continue;
        const fs::path script = modules / "fabric-shim" / "cli.js";
        if (fs::exists(script, error)) return script;
    }
    return missing("NO_SHIM",
                   fmt::format("fabric-shim is not there: neither in {} nor in {}",
                               (folder / "node_modules").string(),
                               options.nodeModules.empty() ? "a folder configured for the peer"
                                                           : options.nodeModules.string()));
}

Result<process::Command> startCommand(const fs::path& code, const std::string& peerAddress,
                                      const ChaincodeOptions& options) {
    process::Command command;
    ASSIGN_OR_RETURN(command.program, nodeProgramOf(options));
    command.folder = nodeFolder(code);
    ASSIGN_OR_RETURN(auto words, startScript(command.folder));
    // Half for what is not the engine's heap.
    command.arguments.push_back(fmt::format("--max-old-space-size={}",
                                            std::max<std::int64_t>(options.memoryLimit >> 21, 32)));
    if (words[0] == kShimCommand) {
        ASSIGN_OR_RETURN(const fs::path script, shimScript(command.folder, options));
        command.arguments.push_back(script.string());
    } else if (words[0] != "node") {
        return makeError(StatusCode::kInvalidArgument, "BAD_PACKAGE_JSON",
                         fmt::format("the script \"start\" of package.json begins with neither "
                                     "node nor {}: {}",
                                     kShimCommand, printable(words[0], 100)));
    }
    command.arguments.insert(command.arguments.end(), words.begin() + 1, words.end());
    command.arguments.insert(command.arguments.end(), {"--peer.address", peerAddress});
    if (!options.nodeModules.empty())
        command.environment["NODE_PATH"] = options.nodeModules.string();
    return command;
}

Status writeKeyFile(const fs::path& path, BytesView content) {
    return writeFileAtomically(path, content, 0600);
}

/// Nobody would end it if the peer is killed, and it may be too busy to notice.
void endWithUs(process::Command& command) {
    command.endsWithUs = SIGKILL;
    command.environment.merge(process::minimalEnvironment());
}

}  // namespace

Result<process::Command> scriptCommand(const InstalledPackage& package, const fs::path& code,
                                       const ChaincodeOptions& options) {
    process::Command command;
    command.program = options.scriptProgram;
    std::error_code error;
    if (command.program.empty())
        command.program =
            fs::read_symlink("/proc/self/exe", error).parent_path() / "chancery-contract";
    if (!fs::exists(command.program, error))
        return missing("NO_CONTRACT_HOST",
                       fmt::format("{} is not there", command.program.string()));
    command.folder = code;
    command.arguments = {"--peer.descriptor",   std::to_string(process::kTalkDescriptor),
                         "--chaincode-id-name", package.packageId,
                         "--package",           code.string()};
    command.environment = {{"CORE_PEER_LOCALMSPID", options.mspId.str()}};
    command.talks = true;
    endWithUs(command);
    return command;
}

Result<process::Command> nodeCommand(const InstalledPackage& package, const fs::path& code,
                                     const fs::path& folder, const ContractCredentials& credentials,
                                     const ChaincodeOptions& options) {
    ASSIGN_OR_RETURN(auto command, startCommand(code, credentials.peerAddress, options));
    std::error_code error;
    fs::create_directories(folder, error);
    fs::permissions(folder, fs::perms::owner_all, error);
    const auto& [certificate, key] = credentials.identity;
    RETURN_IF_ERROR(writeKeyFile(folder / "peer.crt", credentials.rootsPem));
    RETURN_IF_ERROR(writeKeyFile(folder / "client_pem.crt", certificate));
    RETURN_IF_ERROR(writeKeyFile(folder / "client_pem.key", key));
    RETURN_IF_ERROR(writeKeyFile(folder / "client.crt", toBase64(certificate)));
    RETURN_IF_ERROR(writeKeyFile(folder / "client.key", toBase64(key)));
    const process::Environment environment{
        {"CORE_CHAINCODE_ID_NAME", package.packageId},
        {"CORE_PEER_ADDRESS", credentials.peerAddress},
        {"CORE_PEER_LOCALMSPID", options.mspId.str()},
        {"CORE_PEER_TLS_ENABLED", "true"},
        {"CORE_PEER_TLS_ROOTCERT_FILE", (folder / "peer.crt").string()},
        {"CORE_TLS_CLIENT_CERT_FILE", (folder / "client_pem.crt").string()},
        {"CORE_TLS_CLIENT_CERT_PATH", (folder / "client.crt").string()},
        {"CORE_TLS_CLIENT_KEY_FILE", (folder / "client_pem.key").string()},
        {"CORE_TLS_CLIENT_KEY_PATH", (folder / "client.key").string()},
    };
    command.environment.insert(environment.begin(), environment.end());
    endWithUs(command);
    return command;
}

void limitProcess(int pid) {
    const auto limit = [pid](__rlimit_resource what, rlim_t value) {
        const rlimit both{value, value};
        (void)::prlimit(pid, what, &both, nullptr);
    };
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, 4096);
    limit(RLIMIT_FSIZE, 64U << 20);
}

std::int64_t memoryOf(int pid) {
    // /proc files have no size to go by.
    std::FILE* file = std::fopen(fmt::format("/proc/{}/statm", pid).c_str(), "re");
    if (file == nullptr) return 0;
    long all = 0, resident = 0;
    const int fields = std::fscanf(file, "%ld %ld", &all, &resident);
    std::fclose(file);
    return fields == 2 ? static_cast<std::int64_t>(resident) * ::sysconf(_SC_PAGESIZE) : 0;
}

}  // namespace chancery::node
