// Configurations from anywhere. The first byte chooses: 0 a whole Config, 1 the content of one
// element of the vectors' genesis configuration (the second byte says which).
#include <fabric/common/common.pb.h>
#include <fabric/common/configtx.pb.h>
#include <fabric/common/policies.pb.h>

#include <cstdint>
#include <cstdlib>

#include "src/channel/Bundle.h"
#include "src/channel/Difference.h"
#include "src/channel/Sentences.h"
#include "src/channel/Update.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"
#include "tests/fuzz/GenesisConfig.h"

using namespace chancery;
using namespace chancery::channel;
using chancery::fuzz::readGenesis;
using chancery::fuzz::require;

namespace {

const ::common::Config& genesis() {
    static const ::common::Config config = readGenesis();
    return config;
}

const Bundle& genesisBundle() {
    static const auto bundle = Bundle::fromConfig(ChannelId("tradechannel"), genesis());
    require(bundle.ok());
    return **bundle;
}

/// All contents of a tree in a fixed order.
void collect(::common::ConfigGroup& group, std::vector<std::string*>& contents) {
    std::map<std::string, std::string*> named;
    for (auto& [name, value] : *group.mutable_values()) named[name] = value.mutable_value();
    for (auto& [name, policy] : *group.mutable_policies())
        named["policy " + name] = policy.mutable_policy()->mutable_value();
    for (auto& [name, content] : named) contents.push_back(content);
    std::map<std::string, ::common::ConfigGroup*> groups;
    for (auto& [name, child] : *group.mutable_groups()) groups[name] = &child;
    for (auto& [name, child] : groups) collect(*child, contents);
}

void use(const ::common::Config& config) {
    const auto told = difference(genesis().channel_group(), config.channel_group());
    if (told.ok()) {
        // Nothing is said exactly if nothing differs.
        const bool same =
            wire::serialize(genesis().channel_group()) == wire::serialize(config.channel_group());
        require(told->empty() == same);
        for (const std::string& line : toSentences(*told)) require(!line.empty());
    } else {
        require(told.status().code() == StatusCode::kResourceExhausted);
    }
    const auto loaded = Bundle::fromConfig(ChannelId("tradechannel"), config, &genesisBundle());
    if (!loaded.ok()) {
        require(!reasonOf(loaded.status()).empty());
        return;
    }
    require(told.ok());
    const Bundle& bundle = **loaded;
    (void)bundle.raftOptions();
    (void)bundle.bftOptions();
    (void)bundle.policyOfResource("peer/Propose");
    (void)bundle.blockValidationPolicy();
    (void)checkSuccession(genesisBundle(), bundle);
    (void)checkOrdererRules(genesisBundle(), bundle);
    (void)checkOrdererRules(bundle, genesisBundle());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    genesisBundle();
    if (size < 2) return 0;
    const BytesView bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    ::common::Config config;
    if (data[0] % 2 == 0) {
        if (wire::parseInto(config, bytes, "input").ok()) use(config);
        return 0;
    }
    config = genesis();
    std::vector<std::string*> contents;
    collect(*config.mutable_channel_group(), contents);
    *contents[data[1] % contents.size()] = std::string(bytes);
    use(config);
    return 0;
}
