#include "src/usecase/FabricCommands.h"

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/usecase/Json.h"

namespace chancery::usecase {
namespace {

using Arguments = std::vector<std::string>;

std::string shellQuoted(const std::string& text) {
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,";
    if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c;
    }
    return quoted + "'";
}

void append(Arguments& to, Arguments more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// {"Args":["put","k","v"]}; bytes that are no text cannot be given to Fabric's CLI.
std::string argumentsJson(const ContractCall& call) {
    Json args = Json::array();
    for (const Bytes& argument : call.args) args.push_back(argument);
    return Json{{"Args", std::move(args)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string transientJson(const ContractCall& call) {
    Json map = Json::object();
    for (const auto& [name, value] : call.transient) map[name] = toBase64(value);
    return map.dump(-1, ' ', false, Json::error_handler_t::replace);
}

FabricCommand person(const std::string& note) {
    return {.program = {}, .arguments = {}, .environment = {}, .note = note};
}

}  // namespace

std::vector<std::string> shellLines(const std::vector<FabricCommand>& commands) {
    std::vector<std::string> lines;
    std::map<std::string, std::string> exported;
    for (const FabricCommand& command : commands) {
        if (!command.note.empty()) lines.push_back("# " + command.note);
        for (const auto& [name, value] : command.environment) {
            const auto known = exported.find(name);
            if (known != exported.end() && known->second == value) continue;
            lines.push_back("export " + name + "=" + shellQuoted(value));
            exported[name] = value;
        }
        if (command.program.empty()) continue;
        std::string line = command.program;
        for (const std::string& argument : command.arguments) line += " " + shellQuoted(argument);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::map<std::string, std::string> FabricCommands::environment(const FabricNodePlace* peer) const {
    std::map<std::string, std::string> variables{{"CORE_PEER_LOCALMSPID", m_place.mspId},
                                                 {"CORE_PEER_MSPCONFIGPATH", m_place.mspFolder},
                                                 {"CORE_PEER_TLS_ENABLED", "true"}};
    if (peer == nullptr) return variables;
    variables["CORE_PEER_ADDRESS"] = peer->endpoint;
    variables["CORE_PEER_TLS_ROOTCERT_FILE"] = peer->tlsRoots;
    return variables;
}

FabricCommand FabricCommands::peer(const FabricNodePlace* at, Arguments arguments,
                                   bool ordering) const {
    if (ordering && !m_place.orderers.empty())
        append(arguments, {"-o", m_place.orderers.front().endpoint, "--tls", "--cafile",
                           m_place.orderers.front().tlsRoots});
    return {.program = "peer", .arguments = std::move(arguments), .environment = environment(at)};
}

FabricCommand FabricCommands::first(Arguments arguments, bool ordering) const {
    return peer(m_place.ownPeers.empty() ? nullptr : &m_place.ownPeers.front(),
                std::move(arguments), ordering);
}

std::vector<FabricCommand> FabricCommands::atOwnPeers(const Arguments& arguments) const {
    std::vector<FabricCommand> all;
    for (const FabricNodePlace& place : m_place.ownPeers) all.push_back(peer(&place, arguments));
    return all;
}

FabricCommand FabricCommands::osnadmin(const FabricNodePlace& orderer, Arguments arguments) const {
    append(arguments, {"-o", orderer.endpoint, "--ca-file", orderer.tlsRoots, "--client-cert",
                       m_place.adminCertificate, "--client-key", m_place.adminKey});
    return {.program = "osnadmin", .arguments = std::move(arguments)};
}

std::vector<FabricCommand> FabricCommands::listChannels() const {
    auto all = atOwnPeers({"channel", "list"});
    for (const FabricNodePlace& orderer : m_place.orderersAdmin)
        all.push_back(osnadmin(orderer, {"channel", "list"}));
    return all;
}

std::vector<FabricCommand> FabricCommands::joinPeers(const std::string& block) const {
    return atOwnPeers({"channel", "join", "-b", block});
}

std::vector<FabricCommand> FabricCommands::joinOrderers(const std::string& block) const {
    std::vector<FabricCommand> all;
    for (const FabricNodePlace& orderer : m_place.orderersAdmin)
        all.push_back(osnadmin(
            orderer, {"channel", "join", "--channelID", m_place.channel, "--config-block", block}));
    return all;
}

std::vector<FabricCommand> FabricCommands::leaveOrderers() const {
    std::vector<FabricCommand> all;
    for (const FabricNodePlace& orderer : m_place.orderersAdmin)
        all.push_back(osnadmin(orderer, {"channel", "remove", "--channelID", m_place.channel}));
    return all;
}

std::vector<FabricCommand> FabricCommands::unjoinPeers() const {
    return {person("on the peer's own machine, while the peer is stopped:"),
            {.program = "peer", .arguments = {"node", "unjoin", "-c", m_place.channel}}};
}

std::vector<FabricCommand> FabricCommands::fetch(const std::string& which,
                                                 const std::string& out) const {
    return {first({"channel", "fetch", which, out, "-c", m_place.channel}, true)};
}

std::vector<FabricCommand> FabricCommands::channelInfo() const {
    auto all = atOwnPeers({"channel", "getinfo", "-c", m_place.channel});
    const auto fetched = fetch("config", "config_block.pb");
    all.insert(all.end(), fetched.begin(), fetched.end());
    all.push_back({.program = "configtxlator",
                   .arguments = {"proto_decode", "--input", "config_block.pb", "--type",
                                 "common.Block", "--output", "config_block.json"}});
    return all;
}

std::vector<FabricCommand> FabricCommands::makeGenesis(const std::string& out) const {
    return {
        person("with a profile Channel in configtx.yaml that names these organisations:"),
        {.program = "configtxgen",
         .arguments = {"-profile", "Channel", "-channelID", m_place.channel, "-outputBlock", out}}};
}

std::vector<FabricCommand> FabricCommands::draft(const std::string& edit,
                                                 const std::string& out) const {
    auto all = fetch("config", "config_block.pb");
    const auto translate = [&](Arguments arguments) {
        all.push_back({.program = "configtxlator", .arguments = std::move(arguments)});
    };
    translate({"proto_decode", "--input", "config_block.pb", "--type", "common.Block", "--output",
               "config_block.json"});
    all.push_back(
        {.program = "jq .data.data[0].payload.data.config config_block.json > config.json"});
    all.push_back(person(edit));
    all.push_back({.program = "cp", .arguments = {"config.json", "modified_config.json"}});
    translate({"proto_encode", "--input", "config.json", "--type", "common.Config", "--output",
               "config.pb"});
    translate({"proto_encode", "--input", "modified_config.json", "--type", "common.Config",
               "--output", "modified_config.pb"});
    translate({"compute_update", "--channel_id", m_place.channel, "--original", "config.pb",
               "--updated", "modified_config.pb", "--output", "config_update.pb"});
    translate({"proto_decode", "--input", "config_update.pb", "--type", "common.ConfigUpdate",
               "--output", "config_update.json"});
    all.push_back({.program = "jq -n --slurpfile u config_update.json "
                              "'{payload:{header:{channel_header:{channel_id:\"" +
                              m_place.channel +
                              "\",type:2}},data:{config_update:$u[0]}}}' > envelope.json"});
    translate(
        {"proto_encode", "--input", "envelope.json", "--type", "common.Envelope", "--output", out});
    return all;
}

std::vector<FabricCommand> FabricCommands::showUpdate(const std::string& file) const {
    return {{.program = "configtxlator",
             .arguments = {"proto_decode", "--input", file, "--type", "common.Envelope"}}};
}

std::vector<FabricCommand> FabricCommands::signUpdate(const std::string& file) const {
    return {peer(nullptr, {"channel", "signconfigtx", "-f", file})};
}

std::vector<FabricCommand> FabricCommands::sendUpdate(const std::string& file) const {
    return {peer(nullptr, {"channel", "update", "-f", file, "-c", m_place.channel}, true)};
}

std::vector<FabricCommand> FabricCommands::package(const std::string& label,
                                                   const std::string& type,
                                                   const std::string& folder,
                                                   const std::string& out) {
    return {{.program = "peer",
             .arguments = {"lifecycle", "chaincode", "package", out, "--path", folder, "--lang",
                           type, "--label", label}}};
}

std::vector<FabricCommand> FabricCommands::install(const std::string& package) const {
    return atOwnPeers({"lifecycle", "chaincode", "install", package});
}

Arguments FabricCommands::definition(const DefinitionText& definition,
                                     const std::string& collections) const {
    Arguments arguments{
        "-C", m_place.channel,    "-n",         definition.name,
        "-v", definition.version, "--sequence", std::to_string(definition.sequence)};
    if (definition.initRequired) arguments.push_back("--init-required");
    if (definition.policy.starts_with('/'))
        append(arguments, {"--channel-config-policy", definition.policy});
    else if (!definition.policy.empty())
        append(arguments, {"--signature-policy", definition.policy});
    if (!collections.empty()) append(arguments, {"--collections-config", collections});
    return arguments;
}

std::vector<FabricCommand> FabricCommands::approve(const DefinitionText& text,
                                                   const std::string& collections,
                                                   const std::string& packageId) const {
    Arguments arguments{"lifecycle", "chaincode", "approveformyorg"};
    append(arguments, definition(text, collections));
    if (!packageId.empty()) append(arguments, {"--package-id", packageId});
    return {first(std::move(arguments), true)};
}

std::vector<FabricCommand> FabricCommands::readiness(const DefinitionText& text,
                                                     const std::string& collections) const {
    Arguments arguments{"lifecycle", "chaincode", "checkcommitreadiness"};
    append(arguments, definition(text, collections));
    append(arguments, {"--output", "json"});
    return {first(std::move(arguments))};
}

std::vector<FabricCommand> FabricCommands::commit(const DefinitionText& text,
                                                  const std::string& collections) const {
    Arguments arguments{"lifecycle", "chaincode", "commit"};
    append(arguments, definition(text, collections));
    for (const FabricNodePlace& place : m_place.allPeers)
        append(arguments,
               {"--peerAddresses", place.endpoint, "--tlsRootCertFiles", place.tlsRoots});
    return {first(std::move(arguments), true)};
}

std::vector<FabricCommand> FabricCommands::contractStatus() const {
    auto all = atOwnPeers({"lifecycle", "chaincode", "queryinstalled", "--output", "json"});
    all.push_back(first(
        {"lifecycle", "chaincode", "querycommitted", "-C", m_place.channel, "--output", "json"}));
    return all;
}

std::vector<FabricCommand> FabricCommands::query(const ContractCall& call) const {
    Arguments arguments{"chaincode", "query",       "-C", m_place.channel,
                        "-n",        call.contract, "-c", argumentsJson(call)};
    if (!call.transient.empty()) append(arguments, {"--transient", transientJson(call)});
    return {first(std::move(arguments))};
}

std::vector<FabricCommand> FabricCommands::invoke(const ContractCall& call) const {
    Arguments arguments{"chaincode", "invoke",      "-C", m_place.channel,
                        "-n",        call.contract, "-c", argumentsJson(call)};
    if (call.isInit) arguments.push_back("--isInit");
    if (!call.transient.empty()) append(arguments, {"--transient", transientJson(call)});
    for (const FabricNodePlace& place : m_place.allPeers)
        append(arguments,
               {"--peerAddresses", place.endpoint, "--tlsRootCertFiles", place.tlsRoots});
    append(arguments, {"--waitForEvent"});
    return {first(std::move(arguments), true)};
}

namespace {

Arguments snapshotArguments(const char* what, const std::string& channel,
                            const FabricNodePlace& peer) {
    return {"snapshot",          what,         "-c", channel, "--peerAddress", peer.endpoint,
            "--tlsRootCertFile", peer.tlsRoots};
}

}  // namespace

std::vector<FabricCommand> FabricCommands::listSnapshots() const {
    std::vector<FabricCommand> all;
    for (const auto& place : m_place.ownPeers)
        all.push_back(peer(&place, snapshotArguments("listpending", m_place.channel, place)));
    return all;
}

std::vector<FabricCommand> FabricCommands::takeSnapshot(std::uint64_t block) const {
    std::vector<FabricCommand> all;
    for (const auto& place : m_place.ownPeers) {
        Arguments arguments = snapshotArguments("submitrequest", m_place.channel, place);
        append(arguments, {"-b", std::to_string(block)});
        all.push_back(peer(&place, std::move(arguments)));
    }
    return all;
}

std::vector<FabricCommand> FabricCommands::cancelSnapshot(std::uint64_t block) const {
    std::vector<FabricCommand> all;
    for (const auto& place : m_place.ownPeers) {
        Arguments arguments = snapshotArguments("cancelrequest", m_place.channel, place);
        append(arguments, {"-b", std::to_string(block)});
        all.push_back(peer(&place, std::move(arguments)));
    }
    return all;
}

}  // namespace chancery::usecase
