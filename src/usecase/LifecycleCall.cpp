#include "src/usecase/LifecycleCall.h"

#include "fabric/peer/collection.pb.h"
#include "fabric/peer/lifecycle/lifecycle.pb.h"
#include "src/usecase/PolicyNodes.h"
#include "src/usecase/PolicyVerdicts.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

/// ApproveChaincodeDefinitionForMyOrgArgs and CommitChaincodeDefinitionArgs have the definition in
/// common.
template <class Args>
Rows definitionOf(const Args& args, const channel::Bundle* bundle) {
    Rows rows{{"Contract", args.name()},
              {"Version", args.version()},
              {"Definition number", std::to_string(args.sequence())}};
    rows.emplace_back("Who must endorse",
                      args.validation_parameter().empty()
                          ? "the channel's default"
                          : applicationPolicyText(args.validation_parameter(), bundle));
    if (args.init_required()) rows.emplace_back("First call", "must initialise the contract");
    for (const auto& config : args.collections().config()) {
        const auto& collection = config.static_collection_config();
        std::string text = policyText(collection.member_orgs_policy().signature_policy());
        if (collection.block_to_live() > 0)
            text += fmt::format("; kept for {} blocks", collection.block_to_live());
        rows.emplace_back("Private collection " + collection.name(), text);
    }
    return rows;
}

}  // namespace

Rows describeLifecycleCall(std::string_view function, BytesView argument,
                           const channel::Bundle* bundle) {
    if (function == "ApproveChaincodeDefinitionForMyOrg" ||
        function == "ApproveChaincodeDefinitionForOrg") {
        const auto args =
            wire::parse<::lifecycle::ApproveChaincodeDefinitionForMyOrgArgs>(argument, "args");
        if (!args.ok()) return {};
        Rows rows = definitionOf(*args, bundle);
        rows.emplace_back("Package", args->source().has_local_package()
                                         ? args->source().local_package().package_id()
                                         : "none, only agreed to");
        return rows;
    }
    if (function == "CommitChaincodeDefinition") {
        const auto args = wire::parse<::lifecycle::CommitChaincodeDefinitionArgs>(argument, "args");
        if (args.ok()) return definitionOf(*args, bundle);
    }
    return {};
}

}  // namespace chancery::usecase
