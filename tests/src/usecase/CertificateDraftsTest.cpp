#include "src/usecase/CertificateDrafts.h"

#include <QTemporaryDir>

#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "src/base/File.h"
#include "src/channel/Signing.h"
#include "src/channel/Update.h"
#include "src/identity/SigningIdentity.h"
#include "src/usecase/CertificateCollector.h"
#include "src/usecase/RenewNodeCertificates.h"
#include "src/usecase/RevocationDrafts.h"
#include "src/usecase/SignConfigUpdate.h"
#include "src/wire/Parse.h"
#include "tests/src/usecase/MadeMembers.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::usecase;
using chancery::test::MadeCertificate;
using chancery::test::MadeOrganisation;
using chancery::test::must;
using chancery::test::noon;

namespace {

namespace fs = std::filesystem;

const absl::Time kBegin = noon(2026, 1, 1);
const absl::Time kFar = noon(2040, 1, 1);

/// Two members and three consenters, the first block in a file.
struct Channel {
    QTemporaryDir folder;
    MadeOrganisation orderers{"Orderers", kBegin, kFar, kFar};
    MadeOrganisation alpha{"Alpha", kBegin, kFar, kFar};
    MadeOrganisation beta{"Beta", kBegin, kFar, kFar};
    std::vector<MadeCertificate> consenters{orderers.tls("orderer0", noon(2027, 3, 1)),
                                            orderers.tls("orderer1", noon(2027, 4, 1)),
                                            orderers.tls("orderer2", noon(2027, 5, 1))};

    explicit Channel(std::size_t count = 3) {
        consenters.erase(consenters.begin() + static_cast<std::ptrdiff_t>(count), consenters.end());
        test::writeBlock(file("trade.block"), "trade", {&alpha, &beta}, orderers, consenters);
    }
    std::string file(const char* name) const { return folder.filePath(name).toStdString(); }
    ConfigFile config() const { return must(readWholeConfig(file("trade.block"))); }
    CertificateDrafts drafts() const { return must(CertificateDrafts::of(config())); }

    /// What the orderers would put in force, signed by these administrators with the existing
    /// command's means.
    channel::BundlePtr apply(const CertificateDraft& draft, const ConfigFile& from,
                             const std::vector<const MadeOrganisation*>& signers) const {
        Bytes bytes = draft.update;
        for (const MadeOrganisation* signer : signers) {
            const QTemporaryDir own;
            const std::string path = own.filePath("update.pb").toStdString();
            if (!writeNewFile(path, bytes).ok()) throw std::runtime_error("no file");
            const auto admin = signer->identity("Admin@" + signer->name(), "admin", kFar);
            const auto identity = must(
                identity::makeSigningIdentity(signer->mspId(), admin.pem(), admin.key.toPem()));
            bytes = must(SignConfigUpdate(Clock::system()).run(path, *identity)).envelope;
        }
        const auto bundle = must(channel::Bundle::fromConfig(draft.channel, *from.config));
        const auto envelope = must(wire::parse<::common::Envelope>(bytes, "envelope"));
        return must(channel::admitUpdate(*bundle, envelope)).bundle;
    }
};

/// A node's MSP folder.
struct LocalNode {
    LocalNode(const Channel& channel, const char* name, const MadeCertificate& own)
        : msp(fs::path(channel.file(name)) / "msp") {
        const bool isOrderer = std::string(name).starts_with("orderer");
        const MadeOrganisation& owner = isOrderer ? channel.orderers : channel.alpha;
        const auto write = [&](const char* file, const Bytes& content) {
            fs::create_directories((msp / file).parent_path());
            if (!writeNewFile(msp / file, content, 0600).ok()) throw std::runtime_error(file);
        };
        write("cacerts/ca.pem", owner.ca().pem());
        write("tlscacerts/ca.pem", owner.tlsCa().pem());
        write("signcerts/cert.pem", own.pem());
        write("keystore/another_sk", owner.ca().key.toPem());
        write("keystore/priv_sk", own.key.toPem());
        std::string units = "NodeOUs:\n  Enable: true\n";
        for (const char* role : {"Client", "Peer", "Admin", "Orderer"}) {
            std::string unit = role;
            unit[0] = static_cast<char>(unit[0] - 'A' + 'a');
            units += std::string("  ") + role +
                     "OUIdentifier:\n    OrganizationalUnitIdentifier: " + unit + "\n";
        }
        write("config.yaml", units);
    }
    fs::path msp;
};

}  // namespace

class CertificateDraftsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRevocationTakesEffect() {
        const Channel channel;
        const auto user = channel.alpha.identity("User@Alpha", "client", kFar);
        const auto list = channel.alpha.crl({user.certificate}, noon(2027, 1, 1), noon(2027, 2, 1));
        const auto draft = must(channel.drafts().revocation(channel.alpha.mspId(), list));
        QCOMPARE(draft.channel, ChannelId("trade"));
        QCOMPARE(draft.changes.size(), std::size_t(1));
        QCOMPARE(draft.agreements.size(), std::size_t(1));
        QCOMPARE(draft.agreements[0].policy, std::string("/Channel/Application/Alpha/Admins"));
        const auto bundle = channel.apply(draft, channel.config(), {&channel.alpha});
        const auto& msp = *bundle->applicationOrganisations().at("Alpha").msp;
        const auto identity =
            must(msp.deserialize(identity::serializeIdentity(channel.alpha.mspId(), user.pem())));
        QCOMPARE(reasonOf(msp.validate(*identity)), std::string("REVOKED"));
    }

    void aRevocationNeedsItsOwnAdministrator() {
        const Channel channel;
        const auto list = channel.alpha.crl({}, noon(2027, 1, 1), noon(2027, 2, 1));
        const auto draft = must(channel.drafts().revocation(channel.alpha.mspId(), list));
        try {
            channel.apply(draft, channel.config(), {&channel.beta});
            QFAIL("another organisation's signature must not do");
        } catch (const std::runtime_error&) {
        }
    }

    void refusedDrafts() {
        const Channel channel;
        const auto drafts = channel.drafts();
        const MspId alpha = channel.alpha.mspId();
        const auto list = channel.alpha.crl({}, noon(2027, 1, 1), noon(2027, 2, 1));
        const auto reason = [](const auto& result) { return reasonOf(result.status()); };
        QCOMPARE(reason(drafts.revocation(MspId("Nobody"), list)), std::string("NO_SUCH_MSP"));
        QCOMPARE(reason(drafts.revocation(channel.beta.mspId(), list)),
                 std::string("CRL_NOT_OF_MSP"));
        QCOMPARE(reason(drafts.revocation(alpha, "x")), std::string("BAD_CRL"));
        QCOMPARE(reason(drafts.authority(alpha, channel.consenters[0].pem(), true)),
                 std::string("NOT_A_CA"));
        QCOMPARE(reason(drafts.authority(alpha, channel.alpha.ca().pem(), false)),
                 std::string("NO_DIFFERENCE"));
        QCOMPARE(reason(drafts.withoutAuthority(alpha, channel.beta.ca().pem())),
                 std::string("NO_SUCH_CERTIFICATE"));
        QCOMPARE(reason(drafts.consenter(channel.alpha.ca().pem(), channel.beta.ca().pem())),
                 std::string("NO_SUCH_CONSENTER"));
        // A consenter whose certificate no orderer organisation vouches for would be refused.
        const auto foreign = channel.alpha.tls("orderer0", kFar);
        QCOMPARE(reason(drafts.consenter(channel.consenters[0].pem(), foreign.pem())),
                 std::string("BAD_CONSENTER"));
        // The only root cannot go.
        QVERIFY(!drafts.withoutAuthority(alpha, channel.alpha.ca().pem()).ok());
    }

    void aNewRootBesideTheOld() {
        const Channel channel;
        const MadeOrganisation next("Alpha", kBegin, kFar, kFar);
        const MspId alpha = channel.alpha.mspId();
        const auto draft = must(channel.drafts().authority(alpha, next.ca().pem(), false));
        QVERIFY(!draft.certifierCleared);
        const auto bundle = channel.apply(draft, channel.config(), {&channel.alpha});
        const auto& msp = *bundle->applicationOrganisations().at("Alpha").msp;
        QCOMPARE(msp.rootCertificates().size(), std::size_t(2));
        for (const MadeOrganisation* issuer : {&channel.alpha, &next}) {
            const auto peer = issuer->identity("peer0", "peer", kFar);
            const auto identity =
                must(msp.deserialize(identity::serializeIdentity(alpha, peer.pem())));
            VERIFY_OK(msp.validate(*identity));
        }
    }

    void renewalKeepsTheQuorum() {
        const Channel channel;
        CertificateCollector collector;
        collector.addChannelFile(channel.file("trade.block"));
        std::map<std::string, fs::path> folders;
        for (std::size_t i = 0; i < 2; ++i) {
            const std::string name = "orderer" + std::to_string(i);
            const fs::path tls = channel.file(name.c_str());
            folders[name] = tls;
            fs::create_directories(tls);
            VERIFY_OK(writeNewFile(tls / "server.crt", channel.consenters[i].pem()));
            VERIFY_OK(writeNewFile(tls / "server.key", channel.consenters[i].key.toPem(), 0600));
            collector.addNode({.name = name,
                               .mspId = channel.orderers.mspId(),
                               .isOrderer = true,
                               .msp = {},
                               .tls = tls});
        }
        QVERIFY(collector.problems().empty());
        const RenewNodeCertificates renewal(channel.file("plan"));
        auto plan = must(renewal.begin(collector.finish(), folders));
        QCOMPARE(reasonOf(renewal.begin({}, {}).status()), std::string("PLAN_EXISTS"));
        QCOMPARE(plan.steps.size(), std::size_t(8));
        for (const RenewalStep& step : plan.steps) QVERIFY(step.pauses.empty());

        ConfigFile config = channel.config();
        for (std::size_t i = 0; i < 2; ++i) {
            const std::string name = "orderer" + std::to_string(i);
            const fs::path tls = folders[name];
            const auto renewed = i == 0 ? channel.orderers.tlsAgain(channel.consenters[0], kFar)
                                        : channel.orderers.tls(name, kFar);
            // Nothing out of turn.
            QCOMPARE(reasonOf(renewal.install(plan, name)), std::string("STEP_NOT_NEXT"));
            QCOMPARE(
                reasonOf(renewal.take(plan, name, channel.orderers.tls("other", kFar).pem(), "")),
                std::string("OTHER_NAMES"));
            if (i == 1)
                QCOMPARE(reasonOf(renewal.take(plan, name, renewed.pem(), "")),
                         std::string("KEY_MISMATCH"));
            VERIFY_OK(renewal.take(plan, name, renewed.pem(), i == 0 ? "" : renewed.key.toPem()));

            const auto draft = must(renewal.draft(plan, name, config));
            QVERIFY(draft.has_value());
            QCOMPARE(plan.next()->kind, RenewalStep::Kind::UpdateChannel);
            // It is interrupted, and somebody else goes on.
            plan = must(renewal.resume());
            QCOMPARE(plan.next()->node, name);
            const auto bundle = channel.apply(*draft, config, {&channel.orderers});
            config.config = std::make_shared<::common::Config>(bundle->config());
            QVERIFY(!must(renewal.draft(plan, name, config)).has_value());

            VERIFY_OK(renewal.install(plan, name));
            QCOMPARE(must(readFile(tls / "server.crt")), renewed.pem());
            QCOMPARE(must(readFile(tls / "server.key")), renewed.key.toPem());
            QCOMPARE(must(readFile(tls / "server.crt.old")), channel.consenters[i].pem());
            QCOMPARE(reasonOf(renewal.seen(plan, name, channel.consenters[i].certificate.der())),
                     std::string("STILL_OLD"));
            VERIFY_OK(renewal.seen(plan, name, renewed.certificate.der()));
        }
        QVERIFY(plan.next() == nullptr);
        QVERIFY(must(renewal.resume()).next() == nullptr);
        // No key is left beside the plan.
        QCOMPARE(std::distance(fs::directory_iterator(channel.file("plan")), {}),
                 std::ptrdiff_t(1));
    }

    void whoIsAloneCannotBeSpared() {
        const Channel channel(1);
        const fs::path tls = channel.file("orderer0");
        fs::create_directories(tls);
        VERIFY_OK(writeNewFile(tls / "server.crt", channel.consenters[0].pem()));
        CertificateCollector collector;
        collector.addChannelFile(channel.file("trade.block"));
        collector.addNode({.name = "orderer0",
                           .mspId = channel.orderers.mspId(),
                           .isOrderer = true,
                           .msp = {},
                           .tls = tls});
        const auto plan = must(RenewNodeCertificates(channel.file("plan"))
                                   .begin(collector.finish(), {{"orderer0", tls}}));
        QCOMPARE(plan.steps.back().pauses, std::vector{ChannelId("trade")});
    }

    /// Before a node is changed or restarted, the others must be enough.
    void othersMustBeAQuorum() {
        const Channel channel;
        CertificateCollector collector;
        collector.addChannelFile(channel.file("trade.block"));
        std::map<std::string, fs::path> folders;
        // The third is known by its address only.
        for (std::size_t i = 0; i < 2; ++i) {
            const std::string name = "node" + std::to_string(i);
            const fs::path tls = channel.file(name.c_str());
            fs::create_directories(tls);
            VERIFY_OK(writeNewFile(tls / "server.crt", channel.consenters[i].pem()));
            collector.addNode({.name = name,
                               .mspId = channel.orderers.mspId(),
                               .isOrderer = true,
                               .msp = {},
                               .tls = tls});
            folders[name] = tls;
        }
        const RenewNodeCertificates renewal(channel.file("plan"));
        must(renewal.begin(collector.finish(), folders));
        const auto plan = must(renewal.resume());
        std::size_t asked = 0;
        for (const RenewalStep& step : plan.steps) {
            const bool matters = step.kind == RenewalStep::Kind::UpdateChannel ||
                                 step.kind == RenewalStep::Kind::Restart;
            QCOMPARE(step.quorums.size(), std::size_t(matters ? 1 : 0));
            if (!matters) {
                VERIFY_OK(checkQuorum(step, [](const std::string&) { return false; }));
                continue;
            }
            ++asked;
            const RenewalQuorum& quorum = step.quorums.front();
            QCOMPARE(quorum.channel, ChannelId("trade"));
            QCOMPARE(quorum.needed, std::size_t(2));
            const std::string other = step.node == "node0" ? "node1" : "node0";
            QCOMPARE(quorum.others.size(), std::size_t(2));
            QVERIFY(quorum.others == std::vector<std::string>({other, "orderer2:7050"}) ||
                    quorum.others == std::vector<std::string>({"orderer2:7050", other}));
            VERIFY_OK(checkQuorum(step, [](const std::string&) { return true; }));
            const Status risk =
                checkQuorum(step, [](const std::string& name) { return name != "orderer2:7050"; });
            QCOMPARE(reasonOf(risk), std::string("QUORUM_AT_RISK"));
            QVERIFY(std::string(messageOf(risk)).find("orderer2:7050") != std::string::npos);
        }
        QCOMPARE(asked, std::size_t(4));
    }

    /// Four consenters that sign blocks: three are needed, so one at a time can be spared.
    void identitiesOfBftConsenters() {
        const Channel channel;
        std::vector<MadeCertificate> tls, identities;
        for (int i = 0; i < 4; ++i) {
            tls.push_back(channel.orderers.tls("orderer" + std::to_string(i), kFar));
            identities.push_back(
                channel.orderers.identity("o" + std::to_string(i), "orderer", noon(2027, 3, 1)));
        }
        test::writeBftBlock(channel.file("bft.block"), "bft", {&channel.alpha, &channel.beta},
                            channel.orderers, tls, identities);
        ConfigFile config = must(readWholeConfig(channel.file("bft.block")));
        const LocalNode node(channel, "orderer1", identities[1]);
        const fs::path tlsFolder = node.msp.parent_path() / "tls";
        fs::create_directories(tlsFolder);
        VERIFY_OK(writeNewFile(tlsFolder / "server.crt", tls[1].pem()));
        CertificateCollector collector;
        collector.addChannelFile(channel.file("bft.block"));
        collector.addNode({.name = "orderer1",
                           .mspId = channel.orderers.mspId(),
                           .isOrderer = true,
                           .msp = node.msp,
                           .tls = tlsFolder});
        const RenewNodeCertificates renewal(channel.file("plan"));
        auto plan = must(
            renewal.begin(collector.finish(), {{"orderer1", node.msp}}, NodeCertificate::Identity));
        QCOMPARE(plan.steps.size(), std::size_t(4));
        QCOMPARE(plan.steps[1].kind, RenewalStep::Kind::UpdateChannel);
        QCOMPARE(plan.steps[1].quorums.at(0).needed, std::size_t(3));
        QCOMPARE(plan.steps[1].quorums.at(0).others.size(), std::size_t(3));
        QVERIFY(plan.steps[3].pauses.empty());

        const auto renewed = channel.orderers.identity("o1", "orderer", kFar);
        VERIFY_OK(renewal.take(plan, "orderer1", renewed.pem(), renewed.key.toPem()));
        const auto draft = must(renewal.draft(plan, "orderer1", config));
        QVERIFY(draft.has_value());
        const auto bundle = channel.apply(*draft, config, {&channel.orderers});
        QCOMPARE(bundle->consenters()[1].identityPem, Bytes(renewed.pem()));
        QCOMPARE(bundle->consenters()[0].identityPem, Bytes(identities[0].pem()));
        // Whose signatures count below a block follows.
        const auto policy =
            must(bundle->policies().asSignaturePolicy("/Channel/Orderer/BlockValidation"));
        const std::string text = policy.SerializeAsString();
        QVERIFY(text.find(renewed.pem()) != std::string::npos);
        QVERIFY(text.find(identities[1].pem()) == std::string::npos);
        config.config = std::make_shared<::common::Config>(bundle->config());
        QVERIFY(!must(renewal.draft(plan, "orderer1", config)).has_value());
        VERIFY_OK(renewal.install(plan, "orderer1", "first"));
        VERIFY_OK(renewal.restarted(plan, "orderer1", "second"));
        QVERIFY(plan.next() == nullptr);
    }

    void identitiesOfPeers_data() {
        QTest::addColumn<bool>("newKey");
        QTest::newRow("same key") << false;
        QTest::newRow("new key") << true;
    }

    void identitiesOfPeers() {
        QFETCH(bool, newKey);
        const Channel channel;
        const auto old = channel.alpha.identity("peer0", "peer", noon(2027, 3, 1));
        const LocalNode node(channel, "peer0", old);
        CertificateCollector collector;
        collector.addChannelFile(channel.file("trade.block"));
        collector.addNode({.name = "peer0",
                           .mspId = channel.alpha.mspId(),
                           .isOrderer = false,
                           .msp = node.msp,
                           .tls = {}});
        const RenewNodeCertificates renewal(channel.file("plan"));
        auto plan = must(
            renewal.begin(collector.finish(), {{"peer0", node.msp}}, NodeCertificate::Identity));
        QCOMPARE(plan.steps.size(), std::size_t(3));

        // What nobody would take for this peer.
        const auto reason = [&](const MadeCertificate& one) {
            return reasonOf(renewal.take(plan, "peer0", one.pem(), one.key.toPem()));
        };
        QCOMPARE(reason(channel.alpha.identity("peer0", "client", kFar)),
                 std::string("OTHER_ROLE"));
        QCOMPARE(reason(channel.beta.identity("peer0", "peer", kFar)), std::string("UNKNOWN_CA"));
        const auto other = channel.alpha.identity("peer0", "peer", kFar);
        QCOMPARE(reasonOf(renewal.take(plan, "peer0", other.pem(), "")),
                 std::string("KEY_MISMATCH"));
        QCOMPARE(reasonOf(renewal.take(plan, "peer0", other.pem(), old.key.toPem())),
                 std::string("KEY_MISMATCH"));

        const auto renewed = newKey ? other : channel.alpha.identityAgain(old, "peer", kFar);
        VERIFY_OK(renewal.take(plan, "peer0", renewed.pem(), newKey ? renewed.key.toPem() : ""));
        plan = must(renewal.resume());
        QCOMPARE(plan.what, NodeCertificate::Identity);
        VERIFY_OK(renewal.install(plan, "peer0", "first"));
        // It starts with this, and finds its key.
        const auto identity = must(identity::loadSigningIdentity(node.msp, channel.alpha.mspId()));
        QVERIFY(identity->certificate() == renewed.certificate);
        const fs::path kept = node.msp.parent_path() / "msp.old";
        QCOMPARE(must(readFile(kept / "signcerts/cert.pem")), Bytes(old.pem()));
        QCOMPARE(must(readFile(kept / "keystore/priv_sk")), Bytes(old.key.toPem()));
        QCOMPARE(std::distance(fs::directory_iterator(node.msp / "signcerts"), {}),
                 std::ptrdiff_t(1));

        for (const char* instance : {"", "first"})
            QCOMPARE(reasonOf(renewal.restarted(plan, "peer0", instance)),
                     std::string("STILL_OLD"));
        VERIFY_OK(renewal.restarted(plan, "peer0", "second"));
        QVERIFY(must(renewal.resume()).next() == nullptr);
        QCOMPARE(std::distance(fs::directory_iterator(channel.file("plan")), {}),
                 std::ptrdiff_t(1));
    }

    /// It ended after the key and before the certificate, as by a power failure.
    void interruptedInstallation() {
        const Channel channel;
        const auto old = channel.alpha.identity("peer0", "peer", noon(2027, 3, 1));
        const LocalNode node(channel, "peer0", old);
        CertificateCollector collector;
        collector.addNode({.name = "peer0",
                           .mspId = channel.alpha.mspId(),
                           .isOrderer = false,
                           .msp = node.msp,
                           .tls = {}});
        const RenewNodeCertificates renewal(channel.file("plan"));
        auto plan = must(
            renewal.begin(collector.finish(), {{"peer0", node.msp}}, NodeCertificate::Identity));
        const auto renewed = channel.alpha.identity("peer0", "peer", kFar);
        VERIFY_OK(renewal.take(plan, "peer0", renewed.pem(), renewed.key.toPem()));
        fs::create_directories(node.msp.parent_path() / "msp.old/keystore");
        VERIFY_OK(writeNewFile(node.msp.parent_path() / "msp.old/keystore/priv_sk", old.key.toPem(),
                               0600));
        VERIFY_OK(writeFileAtomically(node.msp / "keystore/priv_sk", renewed.key.toPem(), 0600));
        VERIFY_OK(renewal.install(plan, "peer0", "first"));
        VERIFY_OK(identity::loadSigningIdentity(node.msp, channel.alpha.mspId()));
        QCOMPARE(must(readFile(node.msp.parent_path() / "msp.old/keystore/priv_sk")),
                 Bytes(old.key.toPem()));
    }

    /// One command for all channels, each with the signatures that it needs.
    void aRevocationForEveryChannel() {
        const Channel channel;
        test::writeBlock(channel.file("gold.block"), "gold", {&channel.alpha}, channel.orderers,
                         channel.consenters);
        test::writeBlock(channel.file("beta.block"), "beta", {&channel.beta}, channel.orderers,
                         channel.consenters);
        const auto user = channel.alpha.identity("User@Alpha", "client", kFar);
        const auto list = channel.alpha.crl({user.certificate}, noon(2027, 1, 1), noon(2027, 2, 1));
        // A channel that has the list already.
        ConfigFile done = must(readWholeConfig(channel.file("gold.block")));
        const auto first =
            must(must(CertificateDrafts::of(done)).revocation(channel.alpha.mspId(), list));
        done.config = std::make_shared<::common::Config>(
            channel.apply(first, done, {&channel.alpha})->config());

        const std::vector<Result<ConfigFile>> configs{
            channel.config(), readWholeConfig(channel.file("beta.block")), done,
            readWholeConfig(channel.file("gold.block")), readWholeConfig(channel.file("none"))};
        const auto rows = must(RevocationDrafts().run(channel.alpha.mspId(), list, configs,
                                                      {"a", "b", "c", "d", "e"}));
        std::vector<std::string> outcomes;
        for (const auto& row : rows)
            outcomes.push_back(row.place + " " + row.channel.str() + " " +
                               std::string(nameOf(row.outcome)));
        QCOMPARE(outcomes,
                 (std::vector<std::string>{"a trade drafted", "b beta not_member", "c gold present",
                                           "d gold drafted", "e  failed"}));
        for (const std::size_t i : {std::size_t(0), std::size_t(3)}) {
            QCOMPARE(rows[i].draft->agreements.size(), std::size_t(1));
            QCOMPARE(rows[i].draft->agreements[0].policy,
                     std::string("/Channel/Application/Alpha/Admins"));
            const auto bundle = channel.apply(*rows[i].draft, *configs[i], {&channel.alpha});
            const auto& msp = *bundle->applicationOrganisations().at("Alpha").msp;
            const auto identity = must(
                msp.deserialize(identity::serializeIdentity(channel.alpha.mspId(), user.pem())));
            QCOMPARE(reasonOf(msp.validate(*identity)), std::string("REVOKED"));
        }
        QCOMPARE(reasonOf(RevocationDrafts().run(channel.alpha.mspId(), "x", configs, {}).status()),
                 std::string("BAD_CRL"));
    }

    void damagedPlans_data() {
        QTest::addColumn<QByteArray>("text");
        const QByteArray begin = R"({"format":"chancery-tls-renewal","version":2,"what":"tls",)";
        const QByteArray node = R"("nodes":[{"name":"a"}],)";
        for (const QByteArray& text :
             {QByteArray(""), QByteArray("{"), QByteArray("[]"), QByteArray("{}"),
              begin + R"("nodes":[],"steps":[1]})", begin + R"("nodes":[1],"steps":[]})",
              begin + R"("nodes":[],"steps":[{"kind":"enrol"}]})",
              begin + node + R"("steps":[{"kind":"other","node":"a"}]})",
              // A quorum that would let everything pass.
              begin + node + R"("steps":[{"kind":"restart","node":"a","quorums":[{}]}]})",
              begin + node +
                  R"("steps":[{"kind":"restart","node":"a","quorums":[{"needed":-1}]}]})",
              begin + node +
                  R"("steps":[{"kind":"restart","node":"a",)"
                  R"("quorums":[{"needed":2,"others":["b"]}]}]})",
              QByteArray(R"({"format":"chancery-tls-renewal","version":1,"what":"tls","nodes":[],)"
                         R"("steps":[]})"),
              QByteArray(R"({"format":"chancery-tls-renewal","version":2,"what":"all","nodes":[],)"
                         R"("steps":[]})")})
            QTest::newRow(text) << text;
    }

    void damagedPlans() {
        QFETCH(QByteArray, text);
        const QTemporaryDir folder;
        VERIFY_OK(writeNewFile(folder.filePath("plan.json").toStdString(), text.toStdString()));
        QCOMPARE(reasonOf(RenewNodeCertificates(folder.path().toStdString()).resume().status()),
                 std::string("BAD_PLAN"));
    }
};

CHANCERY_TEST(CertificateDraftsTest)
#include "CertificateDraftsTest.moc"
