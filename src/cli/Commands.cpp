#include "src/cli/Commands.h"

#include "src/cli/CaCommands.h"
#include "src/cli/CaListCommands.h"
#include "src/cli/CertInventoryCommands.h"
#include "src/cli/CertRenewCommand.h"
#include "src/cli/CertShowCommand.h"
#include "src/cli/ChannelCommands.h"
#include "src/cli/CompletionCommand.h"
#include "src/cli/ConfigComputeUpdateCommand.h"
#include "src/cli/ConfigDiffCommand.h"
#include "src/cli/ConfigExplainCommand.h"
#include "src/cli/ConfigShowCommand.h"
#include "src/cli/ConfigSignCommand.h"
#include "src/cli/ContractCommands.h"
#include "src/cli/EnrolCommands.h"
#include "src/cli/FlowTailCommand.h"
#include "src/cli/HealthCommand.h"
#include "src/cli/HostCommands.h"
#include "src/cli/IdentityCommands.h"
#include "src/cli/KeyCommands.h"
#include "src/cli/LabCommands.h"
#include "src/cli/LedgerCompareCommand.h"
#include "src/cli/LedgerEvidenceCommand.h"
#include "src/cli/LedgerExportCommand.h"
#include "src/cli/LedgerFollowCommand.h"
#include "src/cli/LedgerHistoryCommand.h"
#include "src/cli/LedgerSearchCommand.h"
#include "src/cli/LedgerShowCommand.h"
#include "src/cli/LedgerStateCommand.h"
#include "src/cli/LedgerVerifyCommand.h"
#include "src/cli/ManualCommand.h"
#include "src/cli/MemberCommands.h"
#include "src/cli/MspBundleCommands.h"
#include "src/cli/MspCheckCommand.h"
#include "src/cli/MspDraftCommands.h"
#include "src/cli/NetworkCommands.h"
#include "src/cli/NetworkConnectCommand.h"
#include "src/cli/NodeCommands.h"
#include "src/cli/NodeViewCommands.h"
#include "src/cli/PolicyExplainCommand.h"
#include "src/cli/PolicyParseCommand.h"
#include "src/cli/PolicySimulateCommand.h"
#include "src/cli/RegisterCommands.h"
#include "src/cli/ScenarioCommands.h"
#include "src/cli/UpdateCommands.h"
#include "src/cli/VersionCommand.h"
#include "src/cli/WorkspaceCommands.h"

namespace chancery::cli {

namespace {

void addGovernanceCommands(std::vector<CommandPtr>& commands) {
    commands.push_back(std::make_unique<ChannelInfoCommand>());
    commands.push_back(std::make_unique<ChannelCreateCommand>());
    commands.push_back(std::make_unique<ChannelLeaveCommand>());
    commands.push_back(std::make_unique<UpdateDraftCommand>());
    commands.push_back(std::make_unique<UpdateShowCommand>());
    commands.push_back(std::make_unique<UpdateDiffCommand>());
    commands.push_back(std::make_unique<UpdateSignCommand>());
    commands.push_back(std::make_unique<UpdateMergeCommand>());
    commands.push_back(std::make_unique<UpdateRejectCommand>());
    commands.push_back(std::make_unique<UpdateSubmitCommand>());
    commands.push_back(std::make_unique<UpdateRebaseCommand>());
    commands.push_back(std::make_unique<MemberListCommand>());
    commands.push_back(std::make_unique<MemberAddCommand>());
    commands.push_back(std::make_unique<MemberRemoveCommand>());
    commands.push_back(std::make_unique<MemberBundleCommand>());
    commands.push_back(std::make_unique<HealthCommand>());
}

void addNetworkCommands(std::vector<CommandPtr>& commands) {
    commands.push_back(std::make_unique<NetworkRunCommand>());
    commands.push_back(std::make_unique<NetworkCreateCommand>());
    commands.push_back(std::make_unique<NetworkStartCommand>());
    commands.push_back(std::make_unique<NetworkStopCommand>());
    commands.push_back(std::make_unique<NetworkStatusCommand>());
    commands.push_back(std::make_unique<NetworkDeleteCommand>());
    commands.push_back(std::make_unique<NetworkExportCommand>());
    commands.push_back(std::make_unique<NetworkImportCommand>());
    commands.push_back(std::make_unique<ScenarioListCommand>());
    commands.push_back(std::make_unique<ScenarioShowCommand>());
    commands.push_back(std::make_unique<ScenarioCheckCommand>());
    commands.push_back(std::make_unique<ScenarioRunCommand>());
    commands.push_back(std::make_unique<TopologyListCommand>());
    commands.push_back(std::make_unique<TopologyShowCommand>());
    commands.push_back(std::make_unique<TopologyCheckCommand>());
    commands.push_back(std::make_unique<TopologySaveCommand>());
    commands.push_back(std::make_unique<HostPairCommand>());
    commands.push_back(std::make_unique<HostListCommand>());
    commands.push_back(std::make_unique<HostStatusCommand>());
    commands.push_back(std::make_unique<HostRemoveCommand>());
    commands.push_back(std::make_unique<HostCodeCommand>());
    commands.push_back(std::make_unique<HostClientsCommand>());
    commands.push_back(std::make_unique<HostAuditCommand>());
    commands.push_back(std::make_unique<NodeListCommand>());
    commands.push_back(std::make_unique<NodeAddCommand>());
    commands.push_back(std::make_unique<NodeStartCommand>());
    commands.push_back(std::make_unique<NodeStopCommand>());
    commands.push_back(std::make_unique<NodeRestartCommand>());
    commands.push_back(std::make_unique<NodeUpgradeCommand>());
    commands.push_back(std::make_unique<NodeRollbackCommand>());
    commands.push_back(std::make_unique<NodeRemoveCommand>());
    commands.push_back(std::make_unique<NodeLogsCommand>());
    commands.push_back(std::make_unique<OrganisationAddCommand>());
    commands.push_back(std::make_unique<OrganisationJoinCommand>(true));
    commands.push_back(std::make_unique<OrganisationJoinCommand>(false));
    commands.push_back(std::make_unique<NetworkConnectCommand>());
    commands.push_back(std::make_unique<NodeStatusCommand>());
    commands.push_back(std::make_unique<NodeChannelsCommand>());
    commands.push_back(std::make_unique<NodeMetricsCommand>());
    commands.push_back(std::make_unique<NodeConfigCommand>());
    commands.push_back(std::make_unique<NodeLogLevelCommand>());
    commands.push_back(std::make_unique<FlowTailCommand>());
    commands.push_back(std::make_unique<ChannelListCommand>());
    commands.push_back(std::make_unique<ChannelJoinCommand>());
    commands.push_back(std::make_unique<ChannelFetchCommand>());
    addGovernanceCommands(commands);
    commands.push_back(std::make_unique<ContractPackageCommand>());
    commands.push_back(std::make_unique<ContractInstallCommand>());
    commands.push_back(std::make_unique<ContractApproveCommand>());
    commands.push_back(std::make_unique<ContractCommitCommand>());
    commands.push_back(std::make_unique<ContractQueryCommand>());
    commands.push_back(std::make_unique<ContractInvokeCommand>());
    commands.push_back(std::make_unique<ContractStatusCommand>());
}

}  // namespace

std::vector<CommandPtr> allCommands() {
    std::vector<CommandPtr> commands;
    commands.push_back(std::make_unique<LedgerVerifyCommand>());
    commands.push_back(std::make_unique<LedgerShowCommand>());
    commands.push_back(std::make_unique<LedgerSearchCommand>());
    commands.push_back(std::make_unique<LedgerHistoryCommand>());
    commands.push_back(std::make_unique<LedgerStateCommand>());
    commands.push_back(std::make_unique<LedgerCompareCommand>());
    commands.push_back(std::make_unique<LedgerFollowCommand>());
    commands.push_back(std::make_unique<LedgerExportCommand>());
    commands.push_back(std::make_unique<LedgerEvidenceCommand>());
    commands.push_back(std::make_unique<ConfigShowCommand>());
    commands.push_back(std::make_unique<ConfigExplainCommand>());
    commands.push_back(std::make_unique<ConfigDiffCommand>());
    commands.push_back(std::make_unique<ConfigComputeUpdateCommand>());
    commands.push_back(std::make_unique<ConfigSignCommand>());
    commands.push_back(std::make_unique<PolicyParseCommand>());
    commands.push_back(std::make_unique<PolicyExplainCommand>());
    commands.push_back(std::make_unique<PolicySimulateCommand>());
    commands.push_back(std::make_unique<MspCheckCommand>());
    commands.push_back(std::make_unique<MspExportCommand>());
    commands.push_back(std::make_unique<MspBundleCommand>());
    commands.push_back(std::make_unique<MspImportCommand>());
    commands.push_back(std::make_unique<MspDraftCrlCommand>());
    commands.push_back(std::make_unique<MspDraftCaCommand>());
    commands.push_back(std::make_unique<CertShowCommand>());
    commands.push_back(std::make_unique<CertListCommand>());
    commands.push_back(std::make_unique<CertForecastCommand>());
    commands.push_back(std::make_unique<CertCalendarCommand>());
    commands.push_back(std::make_unique<CertRenewCommand>());
    commands.push_back(std::make_unique<WorkspaceCreateCommand>());
    commands.push_back(std::make_unique<WorkspacePassphraseCommand>());
    commands.push_back(std::make_unique<WorkspaceAuditCommand>());
    commands.push_back(std::make_unique<KeyListCommand>());
    commands.push_back(std::make_unique<KeyGenerateCommand>());
    commands.push_back(std::make_unique<KeyImportCommand>());
    commands.push_back(std::make_unique<KeyMoveCommand>());
    commands.push_back(std::make_unique<KeyExportCommand>());
    commands.push_back(std::make_unique<KeyLockCommand>());
    commands.push_back(std::make_unique<IdentityListCommand>());
    commands.push_back(std::make_unique<IdentityImportCommand>());
    commands.push_back(std::make_unique<IdentityExportCommand>());
    commands.push_back(std::make_unique<IdentityRegisterCommand>());
    commands.push_back(std::make_unique<IdentityEnrollCommand>());
    commands.push_back(std::make_unique<IdentityReenrollCommand>());
    commands.push_back(std::make_unique<IdentityRevokeCommand>());
    commands.push_back(std::make_unique<CaInitCommand>());
    commands.push_back(std::make_unique<CaStartCommand>());
    commands.push_back(std::make_unique<CaInfoCommand>());
    commands.push_back(std::make_unique<CaCrlCommand>());
    commands.push_back(std::make_unique<CaIdentitiesCommand>());
    commands.push_back(std::make_unique<CaCertificatesCommand>());
    commands.push_back(std::make_unique<CaAffiliationsCommand>());
    commands.push_back(std::make_unique<TokenAllowCommand>());
    commands.push_back(std::make_unique<TokenListCommand>());
    addNetworkCommands(commands);
    commands.push_back(std::make_unique<CompletionCommand>());
    commands.push_back(std::make_unique<ManualCommand>());
    commands.push_back(std::make_unique<VersionCommand>());
    return commands;
}

}  // namespace chancery::cli
