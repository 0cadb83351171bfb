#include "src/usecase/LifecycleCall.h"

#include "fabric/peer/collection.pb.h"
#include "fabric/peer/lifecycle/lifecycle.pb.h"
#include "src/usecase/PolicyNodes.h"
#include "src/usecase/PolicyVerdicts.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {
namespace {

using Rows = std::vector<std::pair<Sentence, Sentence>>;

/// ApproveChaincodeDefinitionForMyOrgArgs and CommitChaincodeDefinitionArgs have the definition in
/// common.
template <class Args>
Rows definitionOf(const Args& args, const channel::Bundle* bundle) {
    Rows rows{{say("CALL_CONTRACT", "Contract"), {args.name()}},
              {say("CALL_VERSION", "Version"), {args.version()}},
              {say("CALL_NUMBER", "Sequence"), {std::to_string(args.sequence())}}};
    rows.emplace_back(say("CALL_ENDORSERS", "Who must endorse"),
                      args.validation_parameter().empty()
                          ? say("CHANNELS_DEFAULT", "the channel's default")
                          : tellApplicationPolicy(args.validation_parameter(), bundle));
    if (args.init_required())
        rows.emplace_back(say("CALL_FIRST", "First call"),
                          say("MUST_INITIALISE", "must initialise the contract"));
    for (const auto& config : args.collections().config()) {
        const auto& collection = config.static_collection_config();
        const std::string members = policyText(collection.member_orgs_policy().signature_policy());
        rows.emplace_back(
            say("CALL_COLLECTION", "Private collection {name}", {{"name", collection.name()}}),
            collection.block_to_live() > 0
                ? say("COLLECTION_KEPT_FOR", "{members}; kept for {blocks} blocks",
                      {{"members", members},
                       {"blocks", std::to_string(collection.block_to_live())}})
                : Sentence{members});
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
        rows.emplace_back(say("CALL_PACKAGE", "Package"),
                          args->source().has_local_package()
                              ? Sentence{args->source().local_package().package_id()}
                              : say("NO_PACKAGE", "none, only agreed to"));
        return rows;
    }
    if (function == "CommitChaincodeDefinition") {
        const auto args = wire::parse<::lifecycle::CommitChaincodeDefinitionArgs>(argument, "args");
        if (args.ok()) return definitionOf(*args, bundle);
    }
    return {};
}

}  // namespace chancery::usecase
