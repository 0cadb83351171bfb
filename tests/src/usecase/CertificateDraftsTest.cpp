#include "src/usecase/CertificateDrafts.h"

#include <QTemporaryDir>

#include "fabric/common/configtx.pb.h"
#include "src/base/File.h"
#include "src/channel/Signing.h"
#include "src/channel/Update.h"
#include "src/identity/SigningIdentity.h"
#include "src/usecase/CertificateCollector.h"
#include "src/usecase/RenewNodeCertificates.h"
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
        const auto plan =
            must(RenewNodeCertificates(channel.file("plan")).begin(collector.finish(), {{"orderer0", tls}}));
        QCOMPARE(plan.steps.back().pauses, std::vector{ChannelId("trade")});
    }

    void damagedPlans_data() {
        QTest::addColumn<QByteArray>("text");
        for (const char* text :
             {"", "{", "[]", "{}", R"({"format":"chancery-tls-renewal","nodes":[],"steps":[1]})",
              R"({"format":"chancery-tls-renewal","nodes":[1],"steps":[]})",
              R"({"format":"chancery-tls-renewal","nodes":[],"steps":[{"kind":"enrol"}]})"})
            QTest::newRow(text) << QByteArray(text);
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
