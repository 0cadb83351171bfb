#include "src/usecase/ConfigChanges.h"

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "src/channel/Compare.h"
#include "src/channel/ConfigMap.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {

std::vector<std::string> tellConfigChange(const ::common::Config* before,
                                          const ::common::Config& after) {
    std::vector<std::string> sentences;
    const auto now = channel::flatten(after.channel_group());
    if (!now.ok()) return {std::string(messageOf(now.status()))};
    if (before == nullptr) return {"The channel begins."};
    const auto then = channel::flatten(before->channel_group());
    if (!then.ok()) return {std::string(messageOf(then.status()))};
    for (const auto& [key, element] : *now) {
        const auto old = then->find(key);
        if (old == then->end())
            sentences.push_back(channel::printKey(key) + " added");
        else if (old->second.version() != element.version())
            sentences.push_back(channel::printKey(key) + " changed");
    }
    for (const auto& [key, element] : *then)
        if (!now->contains(key)) sentences.push_back(channel::printKey(key) + " removed");
    return sentences;
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

}  // namespace chancery::usecase
