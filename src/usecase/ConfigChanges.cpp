#include "src/usecase/ConfigChanges.h"

#include <map>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "src/channel/ConfigMap.h"
#include "src/channel/Difference.h"
#include "src/channel/Sentences.h"
#include "src/usecase/DescribeConfig.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {

std::vector<ConfigChange> describe(const std::vector<channel::Change>& changes) {
    std::vector<ConfigChange> descriptions;
    for (const channel::Change& change : changes) {
        descriptions.push_back({.id = channel::templateIdOf(change),
                                .path = change.path,
                                .sentence = channel::toSentence(change),
                                .arguments = change.arguments,
                                .details = describe(change.details)});
        descriptions.back().arguments.emplace_back("path", change.path);
    }
    return descriptions;
}

std::vector<ConfigChange> tellConfigChange(const ::common::Config* before,
                                           const ::common::Config& after) {
    const auto changes = before == nullptr
                             ? channel::describe(after.channel_group())
                             : channel::difference(before->channel_group(), after.channel_group());
    if (!changes.ok())
        return {{.id = reasonOf(changes.status()),
                 .sentence = std::string(messageOf(changes.status())),
                 .arguments = argumentsOf(changes.status())}};
    return describe(*changes);
}

std::vector<IdentityName> signersOf(const ::common::Envelope& update, IdentityNames& names) {
    std::vector<IdentityName> signers;
    const auto payload = wire::parse<::common::Payload>(update.payload(), "last_update.payload");
    if (!payload.ok()) return signers;
    const auto content =
        wire::parse<::common::ConfigUpdateEnvelope>(payload->data(), "last_update.payload.data");
    if (!content.ok()) return signers;
    for (const auto& signature : content->signatures()) {
        const auto header = wire::parse<::common::SignatureHeader>(signature.signature_header(),
                                                                   "signature_header");
        if (!header.ok()) continue;
        const IdentityName& name = names.of(header->creator());
        if (std::find(signers.begin(), signers.end(), name) == signers.end())
            signers.push_back(name);
    }
    return signers;
}

std::vector<RequiredAgreement> agreementsFor(const ::common::ConfigUpdate& update,
                                             const ::common::Config& current) {
    const auto reads = channel::flatten(update.read_set());
    const auto writes = channel::flatten(update.write_set());
    const auto existing = channel::flatten(current.channel_group());
    if (!reads.ok() || !writes.ok() || !existing.ok()) return {};
    std::map<std::string, std::string> texts;
    for (const PolicyRow& policy : describeConfig(current).policies)
        texts.emplace(policy.path, policy.text);
    std::map<std::string, RequiredAgreement> agreements;
    for (const auto& [key, element] : *writes) {
        const auto read = reads->find(key);
        if (read != reads->end() && read->second.version() == element.version()) continue;
        // A new element is agreed to by whoever lets its group change.
        const auto old = existing->find(key);
        if (old == existing->end()) continue;
        const std::string& name = old->second.modPolicy();
        const std::string path =
            name.starts_with('/') ? name : fmt::format("{}/{}", key.rulingGroup(), name);
        RequiredAgreement& agreement = agreements[path];
        agreement.policy = path;
        if (const auto text = texts.find(path); text != texts.end()) agreement.text = text->second;
        agreement.elements.push_back(channel::printKey(key));
    }
    std::vector<RequiredAgreement> rows;
    for (auto& [path, agreement] : agreements) rows.push_back(std::move(agreement));
    return rows;
}

}  // namespace chancery::usecase
