#include "src/cli/ContractCommands.h"

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/ContractStatus.h"

namespace chancery::cli {
namespace {

constexpr std::uint64_t kMaxText = 1U << 20;

usecase::FabricCommands fabricOf(const NetworkAccess& access) {
    return usecase::FabricCommands(access.place());
}

ExitCode tellAlready(Session& session, const std::string& what) {
    if (session.wantsJson())
        session.print(Json{{"already", true}});
    else
        session.out().item(quiet("="), what);
    return ExitCode::Ok;
}

/// What a contract has answered: JSON and text as they are, other bytes as hex.
void showAnswer(Session& session, BytesView payload) {
    if (payload.empty())
        session.out().line(quiet("(the answer is empty)"));
    else
        session.out().line(isUtf8(payload) ? Text(payload) : Text("0x" + toHex(payload)));
}

}  // namespace

Help ContractPackageCommand::help() const {
    return {.summary = "Package a contract for installation on peers",
            .about = {"The same input gives the same bytes everywhere, so that organisations can "
                      "compare package ids. A contract is a folder with its sources, or a service "
                      "that runs by itself and to which the peers connect (--service)."},
            .examples = {{.what = "A contract that listens at an address of its own",
                          .arguments = "contract package --service 127.0.0.1:9999 --label "
                                       "wallet_1 --out wallet.tar.gz"}}};
}

void ContractPackageCommand::declare(CommandLine& line) {
    line.value({.names = "DIR", .help = "Folder with the contract", .kind = ValueKind::Folder},
               m_folder);
    line.value({.names = "--type",
                .help = "How a peer runs it: JavaScript in Chancery's own host, Node.js, or as the "
                        "folder's connection.json says",
                .kind = ValueKind::Choice,
                .value = "TYPE",
                .choices = {"chancery", "node", "ccaas"}},
               m_type);
    line.value({.names = "--service",
                .help = "Instead of DIR: the address of a contract that runs by itself",
                .value = "HOST:PORT"},
               m_service);
    line.value({.names = "--service-roots",
                .help = "CAs that vouch for its TLS certificate; without: no TLS",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_roots);
    line.value(
        {.names = "--label", .help = "Label of the package", .value = "TEXT", .required = true},
        m_label);
    line.value({.names = "--out",
                .help = "File to be written; must not be there",
                .kind = ValueKind::Path,
                .value = "FILE",
                .required = true},
               m_out);
}

ExitCode ContractPackageCommand::run(Session& session) {
    if (m_folder.has_value() == m_service.has_value())
        return session.usage("give either a folder or --service");
    const usecase::PackageContract package;
    Result<Bytes> bytes = Bytes();
    if (m_folder) {
        bytes = package.ofFolder(m_label, m_type, *m_folder);
    } else {
        usecase::ServiceAddress service{.endpoint = *m_service};
        if (m_roots) {
            auto roots = readFile(*m_roots, kMaxText);
            if (!roots.ok()) return session.fail(roots.status());
            service.tlsRootsPem = *std::move(roots);
        }
        bytes = package.ofService(m_label, service);
    }
    if (!bytes.ok()) return session.fail(bytes.status());
    if (const Status written = writeNewFile(m_out, *bytes); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    const std::string packageId = usecase::PackageContract::idOf(m_label, *bytes);
    if (session.wantsJson())
        session.print({{"file", bytesToJson(m_out.string())}, {"package_id", packageId}});
    else
        session.out().fields({{"File", Text(m_out.string())}, {"Package id", Text(packageId)}});
    return ExitCode::Ok;
}

Help ContractInstallCommand::help() const {
    return {
        .summary = "Install a packaged contract on the peers of an organisation",
        .about = {"Installing changes nothing in the channel: a contract runs once a definition "
                  "of it is approved and committed."},
        .examples = {{.what = "A package that is there already is left alone",
                      .arguments = "contract install network/wallet.tar.gz",
                      .ends = ExitCode::Ok,
                      .needsNetwork = true}}};
}

void ContractInstallCommand::options(CommandLine& line) {
    line.value({.names = "PACKAGE",
                .help = "File that \"contract package\" has made",
                .kind = ValueKind::File,
                .required = true},
               m_package);
}

Result<std::vector<usecase::FabricCommand>> ContractInstallCommand::fabric() {
    return fabricOf(m_access).install(m_package.string());
}

ExitCode ContractInstallCommand::act(Session& session) {
    const auto package = readFile(m_package);
    if (!package.ok()) return session.fail(package.status());
    Json all = Json::object();
    for (const auto& peer : m_access.ownPeers()) {
        const usecase::DeployContract deploy;
        const auto present =
            deploy.installedAs(m_access.context(), peer, *package, m_access.deadline());
        if (!present.ok()) return session.fail(present.status());
        std::string id = present->value_or("");
        if (!*present) {
            const auto installed =
                deploy.install(m_access.context(), peer, *package, m_access.deadline());
            if (!installed.ok()) return session.fail(installed.status(), ExitCode::Findings);
            id = installed->packageId;
        }
        all[peer.name] = {{"package_id", id}, {"already", present->has_value()}};
        if (session.wantsJson()) continue;
        session.out().item(
            *present ? quiet("=") : good("✓"),
            strong(peer.name) + Text(*present ? " has it already" : " has installed it"));
        session.out().fields({{"Package id", Text(id)}}, 2);
    }
    if (session.wantsJson()) session.print(all);
    return ExitCode::Ok;
}

void DefinitionOptions::declare(CommandLine& line) {
    line.value({.names = "NAME", .help = "Name of the contract", .required = true}, name);
    line.value({.names = "--version", .help = "Version; default: 1.0", .value = "TEXT"}, version);
    line.value({.names = "--sequence",
                .help = "Number of the definition, one more than the committed one; default: 1",
                .kind = ValueKind::Number,
                .value = "N"},
               sequence);
    line.flag("--init-required", "The contract must be initialised before other calls",
              initRequired);
    line.value({.names = "--policy",
                .help = "Who must endorse: OR('Org1MSP.peer','Org2MSP.peer'), or a path of the "
                        "channel's policies; default: the channel's own",
                .value = "POLICY"},
               policy);
    line.value({.names = "--collections",
                .help = "Private data collections, as Fabric's collections_config.json",
                .kind = ValueKind::File,
                .value = "FILE"},
               collections);
}

Result<usecase::DefinitionText> DefinitionOptions::text() const {
    usecase::DefinitionText made{.name = name,
                                 .version = version,
                                 .sequence = sequence.value_or(1),
                                 .initRequired = initRequired,
                                 .policy = policy};
    if (collections) {
        ASSIGN_OR_RETURN(made.collectionsJson, readFile(*collections, kMaxText));
    }
    return made;
}

Help ContractApproveCommand::help() const {
    return {.summary = "Approve a contract's definition for an organisation",
            .about = {"The definition counts once as many organisations have approved the same one "
                      "as the channel's LifecycleEndorsement policy asks for."},
            .examples = {{.what = "A second sequence of the wallet, for Org1",
                          .arguments = "contract approve wallet --sequence 2 --version 2.0",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void ContractApproveCommand::options(CommandLine& line) {
    m_definition.declare(line);
    line.value({.names = "--package-id",
                .help = "The installed package that runs for it; without: none",
                .value = "ID"},
               m_packageId);
}

Result<std::vector<usecase::FabricCommand>> ContractApproveCommand::fabric() {
    ASSIGN_OR_RETURN(const auto definition, m_definition.text());
    return fabricOf(m_access).approve(definition, m_definition.collections.value_or("").string(),
                                      m_packageId);
}

ExitCode ContractApproveCommand::act(Session& session) {
    const auto definition = m_definition.text();
    if (!definition.ok()) return session.fail(definition.status());
    if (m_access.ownPeers().empty()) return session.usage("the organisation has no peer");
    const auto already = usecase::DeployContract().isApproved(
        m_access.context(), m_access.channel(), *definition, m_packageId,
        m_access.ownPeers().front(), m_access.deadline());
    if (!already.ok()) return session.fail(already.status());
    if (*already) return tellAlready(session, "approved already, exactly so");
    const auto done = usecase::DeployContract().approve(
        m_access.context(), *definition, m_packageId,
        {.call = {.channel = m_access.channel()},
         .endorsers = {m_access.ownPeers().begin(),
                       m_access.ownPeers().begin() + (m_access.ownPeers().empty() ? 0 : 1)},
         .orderers = m_access.orderers(),
         .deadline = m_access.deadline()});
    if (!done.ok()) return session.fail(done.status(), ExitCode::Findings);
    if (session.wantsJson())
        session.print({{"txid", done->txId.str()}, {"block", done->block}});
    else
        session.out().item(good("✓"), "approved in block " + number(done->block));
    return ExitCode::Ok;
}

Help ContractCommitCommand::help() const {
    return {.summary = "Commit a contract's definition that the organisations have approved",
            .about = {"With --check only tells who has approved it."},
            .examples = {{.what = "Who has approved a third sequence?",
                          .arguments = "contract commit wallet --sequence 2 --version 3.0 --check",
                          .ends = ExitCode::Findings,
                          .needsNetwork = true}}};
}

void ContractCommitCommand::options(CommandLine& line) {
    m_definition.declare(line);
    line.flag("--check", "Only tell which organisations have approved it", m_onlyCheck);
}

Result<std::vector<usecase::FabricCommand>> ContractCommitCommand::fabric() {
    ASSIGN_OR_RETURN(const auto definition, m_definition.text());
    const std::string collections = m_definition.collections.value_or("").string();
    return m_onlyCheck ? fabricOf(m_access).readiness(definition, collections)
                       : fabricOf(m_access).commit(definition, collections);
}

ExitCode ContractCommitCommand::act(Session& session) {
    const auto definition = m_definition.text();
    if (!definition.ok()) return session.fail(definition.status());
    if (m_access.ownPeers().empty()) return session.usage("the organisation has no peer");
    const usecase::DeployContract deploy;
    if (m_onlyCheck) {
        const auto readiness = deploy.readiness(m_access.context(), m_access.channel(), *definition,
                                                m_access.ownPeers().front(), m_access.deadline());
        if (!readiness.ok()) return session.fail(readiness.status());
        if (session.wantsJson()) {
            session.print({{"approvals", readiness->approvals}, {"ready", readiness->ready()}});
        } else {
            for (const auto& [organisation, approved] : readiness->approvals)
                session.out().item(
                    approved ? good("✓") : bad("✗"),
                    organisation + (approved ? " has approved" : " has not approved"));
        }
        return readiness->ready() ? ExitCode::Ok : ExitCode::Findings;
    }
    const auto already = deploy.isCommitted(m_access.context(), m_access.channel(), *definition,
                                            m_access.ownPeers().front(), m_access.deadline());
    if (!already.ok()) return session.fail(already.status());
    if (*already) return tellAlready(session, "committed already, exactly so");
    const auto done = deploy.commit(m_access.context(), *definition,
                                    {.call = {.channel = m_access.channel()},
                                     .endorsers = m_access.allPeers(),
                                     .orderers = m_access.orderers(),
                                     .deadline = m_access.deadline()});
    if (!done.ok()) return session.fail(done.status(), ExitCode::Findings);
    if (session.wantsJson())
        session.print({{"txid", done->txId.str()}, {"block", done->block}});
    else
        session.out().item(good("✓"), "committed in block " + number(done->block));
    return ExitCode::Ok;
}

void CallOptions::declare(CommandLine& line) {
    line.value({.names = "NAME", .help = "Name of the contract", .required = true}, name);
    line.values({.names = "ARG",
                 .help = "The function, then its arguments",
                 .required = true,
                 .repeats = true},
                args);
    line.values({.names = "--transient",
                 .help = "NAME=TEXT for the endorsers only; never in the ledger",
                 .value = "NAME=TEXT",
                 .whole = true},
                transient);
}

Result<usecase::ContractCall> CallOptions::call(const ChannelId& channel) const {
    usecase::ContractCall made{
        .channel = channel, .contract = name, .args = {args.begin(), args.end()}};
    for (const std::string& entry : transient) {
        const std::size_t equals = entry.find('=');
        if (equals == std::string::npos || equals == 0)
            return makeError(StatusCode::kInvalidArgument, "USAGE", "--transient is NAME=TEXT");
        made.transient[entry.substr(0, equals)] = entry.substr(equals + 1);
    }
    return made;
}

Help ContractQueryCommand::help() const {
    return {.summary = "Ask a contract without writing to the ledger",
            .about = {"One peer runs the call and its answer is shown; nothing is ordered."},
            .examples = {{.what = "Does the contract answer?",
                          .arguments = "contract query wallet org.hyperledger.fabric:GetMetadata",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void ContractQueryCommand::options(CommandLine& line) {
    m_call.declare(line);
}

Result<std::vector<usecase::FabricCommand>> ContractQueryCommand::fabric() {
    ASSIGN_OR_RETURN(const auto call, m_call.call(m_access.channel()));
    return fabricOf(m_access).query(call);
}

ExitCode ContractQueryCommand::act(Session& session) {
    const auto call = m_call.call(m_access.channel());
    if (!call.ok()) return session.fail(call.status(), ExitCode::Usage);
    if (m_access.ownPeers().empty()) return session.usage("the organisation has no peer");
    const auto answer = usecase::EvaluateTransaction().run(
        m_access.context(),
        {.call = *call, .peer = m_access.ownPeers().front(), .deadline = m_access.deadline()});
    if (!answer.ok()) return session.fail(answer.status(), ExitCode::Findings);
    if (session.wantsJson())
        session.print({{"answer", bytesToJson(*answer)}});
    else
        showAnswer(session, *answer);
    return ExitCode::Ok;
}

Help ContractInvokeCommand::help() const {
    return {.summary = "Send a transaction and wait until it is committed",
            .about = {"A peer of every organisation endorses it (or those of --peer), an orderer "
                      "puts it into a block, and it counts once a peer has found it valid."},
            .examples = {{.what = "A function that does not exist is refused before anything is "
                                  "ordered",
                          .arguments = "contract invoke wallet NoSuchFunction",
                          .ends = ExitCode::Findings,
                          .needsNetwork = true}}};
}

void ContractInvokeCommand::options(CommandLine& line) {
    m_call.declare(line);
}

Result<std::vector<usecase::FabricCommand>> ContractInvokeCommand::fabric() {
    ASSIGN_OR_RETURN(const auto call, m_call.call(m_access.channel()));
    return fabricOf(m_access).invoke(call);
}

ExitCode ContractInvokeCommand::act(Session& session) {
    const auto call = m_call.call(m_access.channel());
    if (!call.ok()) return session.fail(call.status(), ExitCode::Usage);
    const auto done =
        usecase::SubmitTransaction().run(m_access.context(), {.call = *call,
                                                              .endorsers = m_access.allPeers(),
                                                              .orderers = m_access.orderers(),
                                                              .deadline = m_access.deadline()});
    if (!done.ok()) return session.fail(done.status(), ExitCode::Findings);
    if (session.wantsJson()) {
        session.print({{"txid", done->txId.str()},
                       {"block", done->block},
                       {"answer", bytesToJson(done->payload)}});
    } else {
        session.out().item(good("✓"), "committed in block " + number(done->block));
        session.out().fields({{"Transaction", Text(done->txId.str())}});
        showAnswer(session, done->payload);
    }
    return ExitCode::Ok;
}

Help ContractStatusCommand::help() const {
    return {
        .summary = "Tell which contracts are defined, who has approved them, and where they run",
        .about = {"Every peer is asked for its packages as an administrator of its "
                  "organisation, as far as the options know one; the definitions stand in the "
                  "channel. A contract runs at a peer when its organisation has approved the "
                  "committed definition with a package that the peer has."},
        .examples = {{.what = "Which contracts run where?",
                      .arguments = "contract status",
                      .ends = ExitCode::Ok,
                      .needsNetwork = true}}};
}

Result<std::vector<usecase::FabricCommand>> ContractStatusCommand::fabric() {
    return fabricOf(m_access).contractStatus();
}

ExitCode ContractStatusCommand::act(Session& session) {
    std::vector<usecase::ContractStatusPeer> peers;
    if (const usecase::NetworkFolder* network = m_access.network()) {
        usecase::CreateNetwork create(m_access.connector(), m_access.deadline());
        for (const auto& organisation : network->organisations()) {
            const std::string& name = organisation.plan().name;
            if (organisation.plan().kind != usecase::OrganisationPlan::Kind::Peers) continue;
            const auto admin = create.actAs(*network, name, "Admin");
            if (!admin.ok()) return session.fail(admin.status());
            const auto addresses = create.peers(*network, name);
            if (!addresses.ok()) return session.fail(addresses.status());
            for (const auto& peer : *addresses) peers.push_back({peer, admin->identity});
        }
    } else {
        for (const auto& peer : m_access.ownPeers()) peers.push_back({peer, m_access.identity()});
    }
    const auto status = usecase::ContractStatus().run(m_access.context(), m_access.channel(), peers,
                                                      m_access.deadline());
    if (!status.ok()) return session.fail(status.status());
    if (session.wantsJson()) {
        session.print(usecase::toJson(*status));
        return ExitCode::Ok;
    }
    Printer& print = session.out();
    print.heading("Contracts of " + m_access.channel().str());
    Table contracts({{"Contract", Align::Left, Fit::CutEnd},
                     {"Version"},
                     {"Sequence", Align::Right},
                     {"Approved by", Align::Left, Fit::Wrap},
                     {"Runs at", Align::Left, Fit::Wrap}});
    for (const auto& contract : status->contracts) {
        std::vector<std::string> yes;
        for (const auto& [organisation, approved] : contract.definition.approvals)
            if (approved) yes.push_back(organisation);
        contracts.row({strong(contract.definition.contract.name),
                       contract.definition.contract.version,
                       number(contract.definition.contract.sequence), list(yes),
                       contract.runsAt.empty() ? warning("nowhere") : Text(list(contract.runsAt))});
    }
    if (status->contracts.empty())
        print.line(quiet("none is committed"), 2);
    else
        print.table(contracts, 2);
    print.heading("Packages");
    Table packages(
        {{"Peer", Align::Left, Fit::CutEnd}, {"Organisation"}, {"Package", Align::Left, Fit::Id}});
    for (const auto& peer : status->peers) {
        if (!peer.problem.empty())
            packages.row({strong(peer.name), peer.mspId.str(), bad(peer.problem)});
        else if (peer.packages.empty())
            packages.row({strong(peer.name), peer.mspId.str(), quiet("none")});
        for (const auto& package : peer.packages)
            packages.row({strong(peer.name), peer.mspId.str(), package.packageId});
    }
    print.table(packages, 2);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
