#include "src/channel/Update.h"

#include <google/protobuf/util/message_differencer.h>

#include <regex>

#include "fabric/msp/identities.pb.h"
#include "src/channel/Compare.h"
#include "src/channel/Signing.h"
#include "tests/src/channel/ConfigFiles.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::channel;
using namespace chancery::test;
using google::protobuf::util::MessageDifferencer;

namespace {

/// What the orderer's refusal in the facts is called here.
struct Refusal {
    const char* text;
    const char* reason;
};
constexpr Refusal kRefusals[] = {
    {"not satisfied: ", "POLICY_NOT_SATISFIED"},
    {"did not pass initial checks: implicit policy", "POLICY_NOT_SATISFIED"},
    {"attempt to set key", "STALE_VERSION"},
    {"requires that key", "STALE_VERSION"},
    {"delta set was empty", "NO_DELTA"},
    {"batch size max message count to an invalid value", "BAD_VALUE"},
    {"preferred max bytes", "BAD_VALUE"},
    {"batch timeout to a invalid value", "BAD_VALUE"},
    {"Unknown hashing algorithm", "BAD_VALUE"},
    {"config requires unsupported", "UNSUPPORTED_CAPABILITY"},
    {"expected at least one CA certificate", "BAD_MSP"},
    {"attempted to change MSP ID", "MSP_ID_CHANGED"},
    {"update of more than one consenter at a time", "TOO_MANY_CONSENTERS_CHANGED"},
    {"empty consenter set", "BAD_CONSENSUS"},
    {"ElectionTick", "BAD_CONSENSUS"},
    {"has invalid certificate", "BAD_CONSENTER"},
    {"identity index out of range", "BAD_POLICY"},
    {"ConfigUpdate for channel", "WRONG_CHANNEL"},
    {"channel creation request not allowed", "WRONG_CHANNEL"},
    {"did not pass maintenance checks", "MAINTENANCE_AND_MORE"},
};

std::string reasonFor(const std::string& error) {
    for (const Refusal& refusal : kRefusals)
        if (error.find(refusal.text) != std::string::npos) return refusal.reason;
    return "no reason is known for: " + error;
}

identity::SigningIdentityPtr userOf(const std::string& mspId, const std::string& user) {
    static const std::map<std::string, std::string> folders = {
        {"AlphaMSP", "peerOrganizations/alpha.pub.test"},
        {"BetaMSP", "peerOrganizations/beta.pub.test"},
        {"GammaMSP", "peerOrganizations/gamma.pub.test"},
        {"LegacyMSP", "peerOrganizations/legacy.pub.test"},
        {"OrdererPubMSP", "ordererOrganizations/orderers.pub.test"},
    };
    const std::string folder = folders.at(mspId);
    const std::string domain = folder.substr(folder.find('/') + 1);
    auto identity = identity::loadSigningIdentity(
        vectorPath("msp/" + folder + "/users/" + user + "@" + domain + "/msp"), MspId(mspId));
    if (!identity.ok()) throw std::runtime_error(textOf(identity));
    return *identity;
}

/// Organisations whose signatures the stored envelope carries, in order.
std::vector<std::string> signersOf(const nlohmann::json& row) {
    const auto stored = vectorMessage<::common::Envelope>(folderOf(row) + "/envelope.pb");
    ::common::Payload payload;
    ::common::ConfigUpdateEnvelope update;
    if (!payload.ParseFromString(stored.payload()) || !update.ParseFromString(payload.data()))
        throw std::runtime_error("bad envelope.pb");
    std::vector<std::string> signers;
    for (const auto& signature : update.signatures()) {
        ::common::SignatureHeader header;
        ::msp::SerializedIdentity identity;
        if (!header.ParseFromString(signature.signature_header()) ||
            !identity.ParseFromString(header.creator()))
            throw std::runtime_error("bad signature in envelope.pb");
        signers.push_back(identity.mspid());
    }
    return signers;
}

/// What the real tool sent: the stored envelope with the signature of who submitted it.
::common::Envelope asSubmitted(const nlohmann::json& row) {
    const auto stored = vectorMessage<::common::Envelope>(folderOf(row) + "/envelope.pb");
    ::common::Payload payload;
    ::common::ChannelHeader header;
    ::common::ConfigUpdateEnvelope update;
    if (!payload.ParseFromString(stored.payload()) ||
        !header.ParseFromString(payload.header().channel_header()) ||
        !update.ParseFromString(payload.data()))
        throw std::runtime_error("bad envelope.pb");
    // One case is about who signs: its meaning says a client does.
    const bool client = row.at("meaning").get<std::string>().starts_with("signed by a client");
    const auto sender =
        userOf(row.at("submitted_by").get<std::string>(), client ? "User1" : "Admin");
    auto signature = signUpdate(*sender, update.config_update());
    if (!signature.ok()) throw std::runtime_error(textOf(signature));
    *update.add_signatures() = *std::move(signature);
    auto envelope = wrapUpdate(ChannelId(header.channel_id()), update, *sender);
    if (!envelope.ok()) throw std::runtime_error(textOf(envelope));
    return *envelope;
}

void collectVersions(const ::common::ConfigGroup& group, const std::string& path,
                     nlohmann::json& versions) {
    if (group.version() != 0) versions[path] = group.version();
    for (const auto& [name, value] : group.values())
        if (value.version() != 0) versions[path + "/[value]" + name] = value.version();
    for (const auto& [name, policy] : group.policies())
        if (policy.version() != 0) versions[path + "/[policy]" + name] = policy.version();
    for (const auto& [name, child] : group.groups())
        collectVersions(child, path + "/" + name, versions);
}

BundlePtr genesisOf(const std::string& channel) {
    const auto block = vectorMessage<::common::Block>("config/genesis_" + channel + ".block");
    auto bundle = Bundle::fromConfig(ChannelId(channel), configEnvelopeOf(block).config());
    if (!bundle.ok()) throw std::runtime_error(textOf(bundle));
    return *bundle;
}

/// The bundle in force before each case: the accepted ones build on each other.
const std::vector<BundlePtr>& bundlesBefore() {
    static const std::vector<BundlePtr> all = [] {
        std::map<std::string, BundlePtr> inForce;
        std::vector<BundlePtr> before;
        for (const auto& row : configCases()) {
            const auto channel = row.at("channel").get<std::string>();
            BundlePtr& current = inForce[channel];
            if (current == nullptr) current = genesisOf(channel);
            before.push_back(current);
            if (!row.at("accepted").get<bool>()) continue;
            const auto envelope = configEnvelopeOf(
                vectorMessage<::common::Block>(folderOf(row) + "/result_block.pb"));
            auto next = applyConfig(*current, envelope);
            if (!next.ok())
                throw std::runtime_error(row.at("case").get<std::string>() + ": " + textOf(next));
            current = *next;
        }
        return before;
    }();
    return all;
}

}  // namespace

class UpdateTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void configCase_data();
    void configCase();
    void tradechannelBlocks();
    void bftBlocks();
    void judgesDrafts();
    void resultMustBeTheOnesOfTheUpdate();
    void removedElementsAreGone();
    void emptyModPoliciesAreFilled();
    void absoluteModPolicies();
    void undecodableUpdates();
    void hostileUpdates();
};

void UpdateTest::initTestCase() {
    QCOMPARE(bundlesBefore().size(), configCases().size());
    QCOMPARE(configCases().size(), std::size_t(50));
}

void UpdateTest::configCase_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < configCases().size(); ++i)
        QTest::newRow(configCases()[i].at("case").get<std::string>().c_str())
            << static_cast<int>(i);
}

void UpdateTest::configCase() {
    QFETCH(int, index);
    const auto& row = configCases()[static_cast<std::size_t>(index)];
    const Bundle& current = *bundlesBefore()[static_cast<std::size_t>(index)];
    QVERIFY(sameGroup(originalOf(row).channel_group(), current.config().channel_group()));

    const std::string error = row.value("error", "");
    if (error.starts_with("compute_update")) {  // never sent; see ComputeUpdateTest
        QVERIFY(row.at("submitted_by").get<std::string>().empty());
        QVERIFY(row.at("signed_by").empty());
        return;
    }
    QCOMPARE(signersOf(row), row.at("signed_by").get<std::vector<std::string>>());
    const auto admitted = admitUpdate(current, asSubmitted(row));
    if (!row.at("accepted").get<bool>()) {
        QVERIFY2(!admitted.ok(), error.c_str());
        QCOMPARE(reasonOf(admitted.status()), reasonFor(error));
        std::smatch match;
        static const std::regex path(R"(\[(?:Value|Policy|Group)\] +(/[^ ]+))");
        if (std::regex_search(error, match, path))
            QCOMPARE(argumentOf(admitted.status(), "path"), match[1].str());
        QVERIFY(!messageOf(admitted.status()).empty());
        return;
    }
    VERIFY_OK(admitted);
    const auto block = vectorMessage<::common::Block>(folderOf(row) + "/result_block.pb");
    QCOMPARE(block.header().number(), row.at("block_number").get<std::uint64_t>());
    const auto result = configEnvelopeOf(block);
    QCOMPARE(admitted->envelope->config().sequence(),
             row.at("sequence_after").get<std::uint64_t>());
    QCOMPARE(result.config().sequence(), row.at("sequence_after").get<std::uint64_t>());
    std::string report;
    MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&report);
    QVERIFY2(differencer.Compare(result.config(), admitted->envelope->config()), report.c_str());
    QVERIFY(sameGroup(result.config().channel_group(), admitted->bundle->config().channel_group()));
    nlohmann::json versions = nlohmann::json::object();
    collectVersions(admitted->bundle->config().channel_group(), "/Channel", versions);
    QVERIFY2(versions == row.at("versions_after"), versions.dump().c_str());
    // The envelope that was really sent is admitted too.
    VERIFY_OK(admitUpdate(current, result.last_update()));
}

void UpdateTest::tradechannelBlocks() {
    BundlePtr current;
    for (const int number : {0, 85, 86, 187, 243, 244, 270}) {
        const auto envelope = configEnvelopeOf(vectorMessage<::common::Block>(
            "ledger/blocks/block_" + std::to_string(number) + ".pb"));
        auto next = current == nullptr
                        ? Bundle::fromConfig(ChannelId("tradechannel"), envelope.config())
                        : applyConfig(*current, envelope);
        VERIFY_OK(next);
        if (current != nullptr) {
            VERIFY_OK(admitUpdate(*current, envelope.last_update()));
            QCOMPARE((*next)->sequence(), current->sequence() + 1);
        }
        current = *next;
    }
    const auto last =
        configEnvelopeOf(vectorMessage<::common::Block>("config/last_config_tradechannel.block"));
    QVERIFY(sameGroup(last.config().channel_group(), current->config().channel_group()));
    QCOMPARE(current->sequence(), last.config().sequence());
}

void UpdateTest::bftBlocks() {
    BundlePtr current;
    int updates = 0;
    for (const auto& row : bftFacts().at("blocks")) {
        if (!row.at("is_config").get<bool>()) continue;
        const auto envelope = configEnvelopeOf(vectorMessage<::common::Block>(
            "bft/blocks/block_" + std::to_string(row.at("number").get<int>()) + ".pb"));
        auto next = current == nullptr
                        ? Bundle::fromConfig(ChannelId("bftpublic"), envelope.config())
                        : applyConfig(*current, envelope);
        VERIFY_OK(next);
        QCOMPARE((*next)->sequence(), row.at("config_sequence").get<std::uint64_t>());
        QCOMPARE((*next)->consensusType(), std::string("BFT"));
        const auto& consenters = (*next)->consenters();
        QCOMPARE(consenters.size(), row.at("consenters").size());
        for (std::size_t i = 0; i < consenters.size(); ++i) {
            const auto& expected = row.at("consenters")[i];
            QCOMPARE(consenters[i].id, expected.at("id").get<std::uint32_t>());
            QCOMPARE(consenters[i].host, expected.at("host").get<std::string>());
            QCOMPARE(consenters[i].port, expected.at("port").get<std::uint32_t>());
            QCOMPARE(consenters[i].mspId.str(), expected.at("msp_id").get<std::string>());
        }
        if (current != nullptr) {
            VERIFY_OK(admitUpdate(*current, envelope.last_update()));
            ++updates;
        }
        current = *next;
    }
    QCOMPARE(updates, 1);
}

void UpdateTest::judgesDrafts() {
    // Two of three organisations have to agree to a new policy; by and by they do.
    const auto& cases = configCases();
    const auto row = std::find_if(cases.begin(), cases.end(), [](const nlohmann::json& one) {
        return one.at("case") == "cfglab/11_new_policy";
    });
    const Bundle& current = *bundlesBefore()[static_cast<std::size_t>(row - cases.begin())];
    auto draft =
        makeUpdateEnvelope(vectorMessage<::common::ConfigUpdate>(folderOf(*row) + "/update.pb"));
    std::vector<bool> authorised;
    for (const char* org : {"", "AlphaMSP", "AlphaMSP", "BetaMSP", "LegacyMSP"}) {
        if (*org != '\0') {
            auto signature = signUpdate(*userOf(org, "Admin"), draft.config_update());
            VERIFY_OK(signature);
            *draft.add_signatures() = *signature;
        }
        const auto verdict = judgeUpdate(current, draft);
        VERIFY_OK(verdict);
        authorised.push_back(verdict->authorised);
        QVERIFY(!verdict->elements.empty());
        for (const ElementVerdict& element : verdict->elements) {
            QCOMPARE(element.isNew, element.policy.empty());
            if (element.isNew) QCOMPARE(element.version, std::uint64_t(0));
        }
    }
    QCOMPARE(authorised, (std::vector<bool>{false, false, false, true, true}));
    // A signature of a consent to other bytes does not count.
    auto foreign = signUpdate(*userOf("BetaMSP", "Admin"), "something else");
    VERIFY_OK(foreign);
    draft.clear_signatures();
    *draft.add_signatures() = *signUpdate(*userOf("AlphaMSP", "Admin"), draft.config_update());
    *draft.add_signatures() = *foreign;
    const auto verdict = judgeUpdate(current, draft);
    VERIFY_OK(verdict);
    QVERIFY(!verdict->authorised);
    QCOMPARE(verdict->signatures.verdicts.size(), std::size_t(2));
    QVERIFY(verdict->signatures.verdicts[0].accepted);
    QVERIFY(!verdict->signatures.verdicts[1].accepted);
}

void UpdateTest::resultMustBeTheOnesOfTheUpdate() {
    const auto genesis = genesisOf("tradechannel");
    auto envelope = configEnvelopeOf(vectorMessage<::common::Block>("ledger/blocks/block_85.pb"));
    VERIFY_OK(applyConfig(*genesis, envelope));
    auto wrong = envelope;
    wrong.mutable_config()->set_sequence(2);
    QCOMPARE(reasonOf(applyConfig(*genesis, wrong).status()), std::string("BAD_SEQUENCE"));
    wrong = envelope;
    wrong.mutable_config()->mutable_channel_group()->set_version(1);
    QCOMPARE(reasonOf(applyConfig(*genesis, wrong).status()), std::string("RESULT_DIFFERS"));
    wrong = envelope;
    wrong.mutable_config()->clear_channel_group();
    QCOMPARE(reasonOf(applyConfig(*genesis, wrong).status()), std::string("RESULT_DIFFERS"));
    wrong = envelope;
    wrong.clear_config();
    QCOMPARE(reasonOf(applyConfig(*genesis, wrong).status()), std::string("BAD_UPDATE"));
    wrong = envelope;
    wrong.clear_last_update();
    QCOMPARE(reasonOf(applyConfig(*genesis, wrong).status()), std::string("BAD_UPDATE"));
}

namespace {

/// A channel whose root and application policies need no signature, for tests about the tree.
BundlePtr openChannel(void (*change)(::common::ConfigGroup&) = nullptr) {
    auto config =
        configEnvelopeOf(vectorMessage<::common::Block>("config/genesis_tradechannel.block"))
            .config();
    ::common::Policy open;
    open.set_type(::common::Policy::SIGNATURE);
    ::common::SignaturePolicyEnvelope accept;
    accept.mutable_rule()->mutable_n_out_of()->set_n(0);
    open.set_value(accept.SerializeAsString());
    auto& root = *config.mutable_channel_group();
    *root.mutable_policies()->at("Admins").mutable_policy() = open;
    auto& application = root.mutable_groups()->at("Application");
    *application.mutable_policies()->at("Admins").mutable_policy() = open;
    if (change != nullptr) change(root);
    auto bundle = Bundle::fromConfig(ChannelId("tradechannel"), config);
    if (!bundle.ok()) throw std::runtime_error(textOf(bundle));
    return *bundle;
}

Result<::common::ConfigEnvelope> propose(const Bundle& current, const ::common::Config& next) {
    auto update = computeUpdate(current.channelId(), current.config(), next);
    if (!update.ok()) return update.status();
    auto envelope =
        wrapUpdate(current.channelId(), makeUpdateEnvelope(*update), *userOf("AlphaMSP", "Admin"));
    if (!envelope.ok()) return envelope.status();
    return proposeUpdate(current, *envelope);
}

}  // namespace

void UpdateTest::removedElementsAreGone() {
    const auto current = openChannel();
    auto next = current->config();
    auto& application = next.mutable_channel_group()->mutable_groups()->at("Application");
    application.mutable_groups()->erase("Beta");
    application.mutable_policies()->erase("Endorsement");
    const auto proposal = propose(*current, next);
    VERIFY_OK(proposal);
    const auto& after = proposal->config().channel_group().groups().at("Application");
    QVERIFY(!after.groups().contains("Beta"));
    QVERIFY(!after.policies().contains("Endorsement"));
    QCOMPARE(after.version(), std::uint64_t(1));
    // An element that was removed starts again at version 0.
    const auto withoutBeta = Bundle::fromConfig(current->channelId(), proposal->config());
    VERIFY_OK(withoutBeta);
    auto again = (*withoutBeta)->config();
    (*again.mutable_channel_group()->mutable_groups()->at("Application").mutable_groups())["Beta"] =
        current->config().channel_group().groups().at("Application").groups().at("Beta");
    const auto back = propose(**withoutBeta, again);
    VERIFY_OK(back);
    QCOMPARE(back->config().channel_group().groups().at("Application").version(), std::uint64_t(2));
}

void UpdateTest::emptyModPoliciesAreFilled() {
    const auto current = openChannel([](::common::ConfigGroup& root) {
        root.mutable_groups()->at("Orderer").set_mod_policy("");
        root.mutable_values()->at("HashingAlgorithm").set_mod_policy("");
        root.mutable_policies()->at("Readers").set_mod_policy("");
    });
    auto next = current->config();
    next.mutable_channel_group()->mutable_values()->at("Capabilities").set_mod_policy("Writers");
    const auto proposal = propose(*current, next);
    VERIFY_OK(proposal);
    const auto& root = proposal->config().channel_group();
    QCOMPARE(root.groups().at("Orderer").mod_policy(), std::string("Admins"));
    QCOMPARE(root.values().at("HashingAlgorithm").mod_policy(), std::string("Admins"));
    QCOMPARE(root.policies().at("Readers").mod_policy(), std::string("Admins"));
    QCOMPARE(root.values().at("Capabilities").mod_policy(), std::string("Writers"));
    // Nobody can change an element that has none.
    next = current->config();
    next.mutable_channel_group()->mutable_values()->at("HashingAlgorithm").set_mod_policy("Admins");
    QCOMPARE(reasonOf(propose(*current, next).status()), std::string("NO_SUCH_POLICY"));
    // And an update may not leave one without.
    next = current->config();
    next.mutable_channel_group()->mutable_values()->at("Capabilities").set_mod_policy("");
    QCOMPARE(reasonOf(propose(*current, next).status()), std::string("BAD_MOD_POLICY"));
}

void UpdateTest::absoluteModPolicies() {
    const auto current = openChannel([](::common::ConfigGroup& root) {
        auto& values = *root.mutable_groups()->at("Orderer").mutable_values();
        values.at("BatchSize").set_mod_policy("/Channel/Application/Admins");
        values.at("BatchTimeout").set_mod_policy("/Channel/Nowhere/Admins");
        values.at("Capabilities").set_mod_policy("/Application/Admins");
    });
    const auto change = [&](const char* key) {
        auto next = current->config();
        next.mutable_channel_group()
            ->mutable_groups()
            ->at("Orderer")
            .mutable_values()
            ->at(key)
            .set_mod_policy("Writers");
        return reasonOf(propose(*current, next).status());
    };
    QCOMPARE(change("BatchSize"), std::string());
    QCOMPARE(change("BatchTimeout"), std::string("NO_SUCH_POLICY"));
    QCOMPARE(change("Capabilities"), std::string("NO_SUCH_POLICY"));
    QCOMPARE(change("ConsensusType"), std::string("POLICY_NOT_SATISFIED"));
}

void UpdateTest::undecodableUpdates() {
    const auto current = genesisOf("tradechannel");
    ::common::Envelope envelope;
    QCOMPARE(reasonOf(proposeUpdate(*current, envelope).status()), std::string("BAD_UPDATE"));
    envelope.set_payload("\xff\xff");
    QCOMPARE(reasonOf(proposeUpdate(*current, envelope).status()), std::string("BAD_UPDATE"));
    // A CONFIG where a CONFIG_UPDATE is expected.
    const auto block = vectorMessage<::common::Block>("ledger/blocks/block_85.pb");
    QVERIFY(envelope.ParseFromString(block.data().data(0)));
    QCOMPARE(reasonOf(proposeUpdate(*current, envelope).status()), std::string("BAD_UPDATE"));
    // A signature whose header is no header spoils the update, as in Fabric.
    auto update = makeUpdateEnvelope(
        vectorMessage<::common::ConfigUpdate>("config/tradechannel/01_batch_size/update.pb"));
    const auto sender = userOf("OrdererPubMSP", "Admin");
    *update.add_signatures() = *signUpdate(*sender, update.config_update());
    VERIFY_OK(proposeUpdate(*current, *wrapUpdate(current->channelId(), update, *sender)));
    update.add_signatures()->set_signature_header("\x0a\x7f");
    QCOMPARE(
        reasonOf(
            proposeUpdate(*current, *wrapUpdate(current->channelId(), update, *sender)).status()),
        std::string("BAD_UPDATE"));
}

void UpdateTest::hostileUpdates() {
    const auto current = genesisOf("tradechannel");
    const auto sender = userOf("AlphaMSP", "Admin");
    const auto refusal = [&](const std::string& configUpdate) {
        ::common::ConfigUpdateEnvelope update;
        update.set_config_update(configUpdate);
        return reasonOf(
            proposeUpdate(*current, *wrapUpdate(current->channelId(), update, *sender)).status());
    };
    const auto field = [](char tag, const std::string& content) {
        std::string bytes(1, tag);
        for (std::size_t rest = content.size(); true; rest >>= 7) {
            bytes += static_cast<char>(rest > 127 ? 128 + rest % 128 : rest);
            if (rest <= 127) break;
        }
        return bytes + content;
    };
    const std::string channelId = field('\x0a', current->channelId().str());

    // A million keys in the write set, refused before they are decoded.
    std::string values;
    for (int i = 0; i < 1'000'000; ++i) values += field('\x1a', field('\x0a', std::to_string(i)));
    QCOMPARE(refusal(channelId + field('\x1a', values)), std::string("TOO_MANY_ELEMENTS"));

    // Groups in groups, 20 and 1,000 levels.
    std::string tower;
    for (int level = 1; level <= 1'000; ++level) {
        tower = field('\x12', field('\x0a', "a") + field('\x12', tower));
        if (level == 20)
            QCOMPARE(refusal(channelId + field('\x1a', tower)), std::string("TOO_DEEP"));
    }
    QCOMPARE(refusal(channelId + field('\x1a', tower)), std::string("TOO_DEEP"));

    // Very many signatures over a large update.
    ::common::ConfigUpdateEnvelope update;
    ::common::ConfigUpdate big;
    big.set_channel_id(current->channelId().str());
    big.mutable_read_set();
    (*big.mutable_write_set()->mutable_values())["A"].set_value(std::string(1u << 20, 'x'));
    big.mutable_write_set()->mutable_values()->at("A").set_mod_policy("Admins");
    update.set_config_update(big.SerializeAsString());
    for (int i = 0; i < 10'000; ++i) update.add_signatures()->set_signature("s");
    QCOMPARE(
        reasonOf(
            proposeUpdate(*current, *wrapUpdate(current->channelId(), update, *sender)).status()),
        std::string("TOO_MANY_SIGNATURES"));
}

CHANCERY_TEST(UpdateTest)
#include "UpdateTest.moc"
