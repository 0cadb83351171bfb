#include <fmt/format.h>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "src/policy/PolicyTree.h"
#include "src/policy/SignaturePolicy.h"
#include "tests/src/policy/ExplanationChecks.h"
#include "tests/src/policy/VectorSigners.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::policy;
using nlohmann::json;

namespace {

const json& rows() {
    return test::facts()["policies"]["channel_policies"];
}

template <class M>
M parsed(const std::string& bytes) {
    M message;
    if (!message.ParseFromString(bytes))
        throw std::runtime_error("malformed " + M::descriptor()->name());
    return message;
}

/// A channel's configuration with its MSPs and policies.
struct Channel {
    std::shared_ptr<const identity::MspSet> msps;
    std::shared_ptr<const PolicyTree> tree;
};

Channel readChannel(const std::string& file) {
    const auto block = parsed<common::Block>(test::vectorFile("config/" + file));
    const auto envelope = parsed<common::Envelope>(block.data().data(0));
    const auto payload = parsed<common::Payload>(envelope.payload());
    const auto config = parsed<common::ConfigEnvelope>(payload.data()).config();
    std::vector<identity::MspPtr> msps;
    for (const char* section : {"Application", "Orderer"})
        for (const auto& [name, organisation] :
             config.channel_group().groups().at(section).groups()) {
            const auto message = parsed<msp::MSPConfig>(organisation.values().at("MSP").value());
            auto msp = identity::Msp::fromConfig(message, identity::MspVersion::V1_4_3);
            if (!msp.ok()) throw std::runtime_error(test::textOf(msp));
            msps.push_back(*std::move(msp));
        }
    Channel channel;
    channel.msps = std::make_shared<const identity::MspSet>(std::move(msps));
    auto tree = PolicyTree::fromConfig(config.channel_group(), channel.msps);
    if (!tree.ok()) throw std::runtime_error(test::textOf(tree));
    channel.tree = *std::move(tree);
    return channel;
}

const Channel& channelOf(const std::string& file) {
    static std::map<std::string, Channel> channels;
    const auto [found, isNew] = channels.try_emplace(file);
    if (isNew) found->second = readChannel(file);
    return found->second;
}

// Null when an identity of the list is broken or not deserialised; Fabric's result is missing then.
// The identities need not be of the channel.
std::optional<std::vector<identity::IdentityPtr>> bareIdentities(
    const std::vector<std::string>& refs) {
    std::vector<identity::IdentityPtr> list;
    for (const auto& ref : refs) {
        if (ref.starts_with('!')) return std::nullopt;
        auto identity = test::vectorMsps()->deserialize(test::vectorSigner(ref).serialized);
        if (!identity.ok()) return std::nullopt;
        list.push_back(*std::move(identity));
    }
    return list;
}

}  // namespace

class ChannelPolicyFactsTest : public QObject {
    Q_OBJECT

private slots:
    void channelPolicies_data() {
        QTest::addColumn<QString>("index");
        for (std::size_t i = 0; i < rows().size(); ++i)
            QTest::newRow(fmt::format("{}", i).c_str()) << QString::number(i);
    }
    void channelPolicies() {
        QFETCH(QString, index);
        const json& row = rows()[index.toUInt()];
        const std::string label = row["path"].get<std::string>() + " by " + row["ids"].dump();
        const Channel& channel = channelOf(row["config"]);
        const PolicyPtr policy = channel.tree->find(row["path"].get<std::string>());
        QCOMPARE(policy != nullptr, row["exists"].get<bool>());
        const auto refs = row["ids"].get<std::vector<std::string>>();
        if (!policy) {
            QVERIFY(!row["signed_data"].get<bool>());
            QVERIFY(!row.value("identities", false));
            return;
        }
        const auto bare = bareIdentities(refs);
        QCOMPARE(bare.has_value(), row.contains("identities"));
        if (bare) {
            QVERIFY2(policy->isSatisfiedBy(*bare) == row["identities"].get<bool>(), label.c_str());
            const Explanation explanation = policy->explain(*bare);
            QCOMPARE(explanation.satisfied, row["identities"].get<bool>());
            QCOMPARE(test::faultOf(explanation), std::string());
        }
        const test::SignatureSet set(refs);
        const auto verified = verifySignatures(set.signedData(), *channel.msps);
        QVERIFY2(policy->isSatisfiedBy(verified.identities) == row["signed_data"].get<bool>(),
                 label.c_str());
        const Explanation explanation = policy->explain(verified.identities);
        QCOMPARE(explanation.satisfied, row["signed_data"].get<bool>());
        QCOMPARE(test::faultOf(explanation), std::string());
        QCOMPARE(evaluate(*policy, set.signedData(), *channel.msps).ok(),
                 row["signed_data"].get<bool>());
    }

    // Each path was asked with the same sets of identities, on both configurations.
    void rowsAreComplete() {
        std::map<std::pair<std::string, std::string>, std::multiset<std::string>> asked;
        for (const auto& row : rows())
            asked[{row["config"], row["path"]}].insert(row["ids"].dump());
        QCOMPARE(asked.size(), std::size_t{38});
        for (const auto& [key, sets] : asked)
            QVERIFY2(sets == asked.begin()->second, key.second.c_str());
    }

    // Asking the converted policy is asking the channel's, as long as no identity serves two
    // sub-groups.
    void convertedPoliciesDecideAlike() {
        std::size_t compared = 0;
        for (const auto& row : rows()) {
            const Channel& channel = channelOf(row["config"]);
            const std::string path = row["path"];
            const auto envelope = channel.tree->asSignaturePolicy(path);
            if (!envelope.ok()) {
                QVERIFY(!row["exists"].get<bool>() ||
                        reasonOf(envelope.status()) == "POLICY_NOT_CONVERTIBLE");
                continue;
            }
            const auto compiled = compileSignaturePolicy(*envelope, channel.msps);
            VERIFY_OK(compiled);
            const test::SignatureSet set(row["ids"].get<std::vector<std::string>>());
            const auto verified = verifySignatures(set.signedData(), *channel.msps);
            QVERIFY2(
                (*compiled)->isSatisfiedBy(verified.identities) == row["signed_data"].get<bool>(),
                path.c_str());
            ++compared;
        }
        QVERIFY(compared > 800);
    }
};

CHANCERY_TEST(ChannelPolicyFactsTest)
#include "ChannelPolicyFactsTest.moc"
