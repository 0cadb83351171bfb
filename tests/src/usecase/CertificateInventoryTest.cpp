#include "src/usecase/CertificateInventory.h"

#include <algorithm>

#include "fabric/msp/msp_config.pb.h"
#include "src/usecase/CertificateCollector.h"
#include "src/usecase/DeployContract.h"
#include "src/usecase/ForecastCertificates.h"
#include "tests/src/usecase/MadeMembers.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using chancery::test::MadeCertificate;
using chancery::test::MadeOrganisation;
using chancery::test::noon;

namespace {

const absl::Time kBegin = noon(2026, 1, 1);
const absl::Time kFar = noon(2040, 1, 1);

std::vector<std::string> kindsOf(const std::vector<CertificateEffect>& effects) {
    std::vector<std::string> kinds;
    for (const auto& effect : effects) kinds.emplace_back(nameOf(effect.kind));
    return kinds;
}

const CertificateEffect* effectOf(const std::vector<CertificateEffect>& effects, EffectKind kind) {
    for (const auto& effect : effects)
        if (effect.kind == kind) return &effect;
    return nullptr;
}

/// Three members with a peer and an administrator each, and three consenters.
struct Consortium {
    MadeOrganisation orderers{"Orderers", kBegin, kFar, kFar};
    MadeOrganisation alpha{"Alpha", kBegin, kFar, kFar};
    MadeOrganisation beta{"Beta", kBegin, kFar, noon(2029, 1, 1)};
    std::vector<MadeCertificate> consenters{orderers.tls("orderer0", noon(2027, 3, 1)),
                                            orderers.tls("orderer1", noon(2027, 4, 1)),
                                            orderers.tls("orderer2", noon(2030, 1, 1))};
    MadeCertificate alphaAdmin = alpha.identity("Admin@Alpha", "admin", noon(2028, 1, 1));
    MadeCertificate alphaUser = alpha.identity("User@Alpha", "client", noon(2028, 6, 1));
    MadeCertificate alphaPeer = alpha.tls("peer0.alpha", noon(2027, 5, 1));
    MadeCertificate betaPeer = beta.tls("peer0.beta", kFar);

    CertificateInventory inventory() const {
        CertificateCollector collector;
        collector.addChannel(test::madeChannel("trade", {&alpha, &beta}, orderers, consenters));
        collector.addWallet({"admin", alpha.mspId(), alphaAdmin.pem(), "workspace"});
        collector.addIssued("ca.Alpha", alpha.mspId(), alphaUser.pem());
        collector.addPresented({.node = "peer0.alpha",
                                .mspId = alpha.mspId(),
                                .endpoint = "peer0.alpha:7051",
                                .chain = {alphaPeer.certificate.der()}});
        collector.addPresented({.node = "peer0.beta",
                                .mspId = beta.mspId(),
                                .endpoint = "peer0.beta:7051",
                                .chain = {betaPeer.certificate.der()}});
        return collector.finish();
    }
};

std::size_t indexOf(const CertificateInventory& inventory, const MadeCertificate& one) {
    return inventory.byFingerprint(one.certificate.fingerprint()).value();
}

}  // namespace

class CertificateInventoryTest : public QObject {
    Q_OBJECT

    const Consortium m_consortium;

private Q_SLOTS:
    void oneRowWithAllUses() {
        CertificateCollector collector;
        const auto& consenter = m_consortium.consenters[0];
        collector.addChannel(
            test::madeChannel("trade", {&m_consortium.alpha}, m_consortium.orderers, {consenter}));
        collector.addChannel(
            test::madeChannel("gold", {&m_consortium.alpha}, m_consortium.orderers, {consenter}));
        collector.addPresented({.node = "orderer0",
                                .mspId = m_consortium.orderers.mspId(),
                                .isOrderer = true,
                                .endpoint = "orderer0:7050",
                                .chain = {consenter.certificate.der(),
                                          m_consortium.orderers.tlsCa().certificate.der()}});
        const auto inventory = collector.finish();
        QVERIFY(collector.problems().empty());
        const auto& one = inventory.certificates()[indexOf(inventory, consenter)];
        // Server and client in two channels, and the handshake.
        QCOMPARE(one.uses.size(), std::size_t(5));
        QCOMPARE(one.role, std::string("tls"));
        QCOMPARE(one.mspId, m_consortium.orderers.mspId());
        QCOMPARE(one.suite, std::string("ECDSA P-256"));
        // Four CAs and the consenter.
        QCOMPARE(inventory.certificates().size(), std::size_t(5));
        QCOMPARE(inventory.chainOf(indexOf(inventory, consenter)).size(), std::size_t(2));
    }

    void configurationOfRealFabric() {
        CertificateCollector collector;
        collector.addChannelFile(test::vectorPath("config/genesis_tradechannel.block"));
        QVERIFY(collector.problems().empty());
        const auto inventory = collector.finish();
        QCOMPARE(inventory.channels().size(), std::size_t(1));
        const auto& bundle = *inventory.channels().front();
        for (const auto& [name, organisation] : bundle.applicationOrganisations())
            for (const std::string& pem : organisation.msp->config().root_certs()) {
                // As it stands there; the MSP itself rewrites signatures to their low form.
                const auto root = test::must(identity::Certificate::fromPem(pem));
                const auto index = inventory.byFingerprint(root.fingerprint());
                QVERIFY(index.has_value());
                QCOMPARE(inventory.certificates()[*index].mspId, organisation.mspId);
                QCOMPARE(inventory.certificates()[*index].role, std::string("ca"));
                QVERIFY(inventory.isRoot(*index));
            }
        QVERIFY(!bundle.consenters().empty());
        for (const auto& consenter : bundle.consenters()) {
            const auto tls = test::must(identity::Certificate::fromPem(consenter.serverTlsPem));
            const auto index = inventory.byFingerprint(tls.fingerprint()).value();
            QVERIFY(inventory.chainOf(index).size() >= 2);
            QVERIFY(inventory.isRoot(inventory.chainOf(index).back()));
        }
    }

    void revokedByWhichList() {
        const auto& alpha = m_consortium.alpha;
        const auto other = alpha.identity("Other@Alpha", "client", kFar);
        CertificateCollector collector;
        collector.addCa("ca.Alpha", alpha.mspId(), alpha.ca().pem());
        collector.addIssued("ca.Alpha", alpha.mspId(), m_consortium.alphaUser.pem());
        collector.addIssued("ca.Alpha", alpha.mspId(), other.pem());
        collector.addRevocationList(
            alpha.mspId(), "here",
            alpha.crl({m_consortium.alphaUser.certificate}, noon(2026, 5, 1), noon(2026, 6, 1)));
        // Another CA's list with the same serial number says nothing of this one.
        collector.addRevocationList(
            m_consortium.beta.mspId(), "there",
            m_consortium.beta.crl({other.certificate}, noon(2026, 5, 1), noon(2026, 6, 1)));
        const auto inventory = collector.finish();
        const auto& revoked = inventory.certificates()[indexOf(inventory, m_consortium.alphaUser)];
        QVERIFY(revoked.revocation.has_value());
        QCOMPARE(revoked.revocation->reason, std::optional<int>(1));
        QCOMPARE(inventory.revocationLists()[revoked.revocation->list].mspId, alpha.mspId());
        QVERIFY(!inventory.certificates()[indexOf(inventory, other)].revocation);
        QCOMPARE(inventory.find({.onlyRevoked = true}).size(), std::size_t(1));
    }

    void searchAndOrder() {
        const auto inventory = m_consortium.inventory();
        const auto& all = inventory.certificates();
        const auto ends = inventory.find({});
        QCOMPARE(ends.size(), all.size());
        QVERIFY(std::is_sorted(ends.begin(), ends.end(), [&](std::size_t a, std::size_t b) {
            return all[a].certificate.notAfter() < all[b].certificate.notAfter();
        }));
        const auto names =
            inventory.find({.order = InventoryQuery::Order::Name, .descending = true});
        QVERIFY(std::is_sorted(names.begin(), names.end(), [&](std::size_t a, std::size_t b) {
            return all[a].name > all[b].name;
        }));
        QCOMPARE(inventory.find({.text = "ORDERER1 trade"}),
                 std::vector{indexOf(inventory, m_consortium.consenters[1])});
        QCOMPARE(inventory.find({.text = m_consortium.alphaUser.certificate.serialHex()}),
                 std::vector{indexOf(inventory, m_consortium.alphaUser)});
        QVERIFY(inventory.find({.text = "nobody"}).empty());
        for (const std::size_t one : inventory.find({.mspId = m_consortium.beta.mspId()}))
            QCOMPARE(all[one].mspId, m_consortium.beta.mspId());
        QCOMPARE(inventory.find({.role = "admin"}),
                 std::vector{indexOf(inventory, m_consortium.alphaAdmin)});
        QCOMPARE(inventory.find({.endsBefore = noon(2027, 4, 2)}).size(), std::size_t(2));
        // What a CA has issued and nobody uses.
        QCOMPARE(inventory.find({.onlyInUse = true}).size(), all.size() - 1);
        QCOMPARE(inventory.named("orderer0"),
                 std::vector{indexOf(inventory, m_consortium.consenters[0])});
    }

    void badSourcesAreTold() {
        CertificateCollector collector;
        collector.addWallet({"broken", MspId("X"), "no certificate", ""});
        collector.addChannelFile(test::vectorPath("facts.json"));
        collector.addMspFolder("/nowhere", MspId("X"), "X");
        collector.addRevocationList(MspId("X"), "list", "no list");
        collector.addPresented({.node = "n", .endpoint = "n:1", .problem = "nobody listens there"});
        QCOMPARE(collector.problems().size(), std::size_t(4));
        const auto inventory = collector.finish();
        QVERIFY(inventory.certificates().empty());
        QCOMPARE(inventory.nodes().front().unreachable, std::string("nobody listens there"));
    }

    void whatOneEndStops() {
        const auto inventory = m_consortium.inventory();
        const CertificateEffects effects(inventory);
        QVERIFY(effects.whileEnded([](std::size_t) { return false; }).empty());

        const auto one = effects.ofEnd(indexOf(inventory, m_consortium.consenters[0]));
        QCOMPARE(kindsOf(one), std::vector<std::string>{"CONSENTER_LOST"});
        QCOMPARE(one[0].name, std::string("orderer0:7050"));
        QCOMPARE(one[0].channel, ChannelId("trade"));
        QCOMPARE(one[0].remaining, std::size_t(2));
        QCOMPARE(one[0].needed, std::size_t(2));
        QCOMPARE(one[0].total, std::size_t(3));

        const auto peer = effects.ofEnd(indexOf(inventory, m_consortium.alphaPeer));
        QVERIFY(effectOf(peer, EffectKind::NodeUnreachable) != nullptr);
        const auto* nobody = effectOf(peer, EffectKind::NobodyActs);
        QVERIFY(nobody != nullptr);
        QCOMPARE(nobody->role, std::string("peer"));
        QCOMPARE(nobody->mspId, m_consortium.alpha.mspId());
        // A majority of two is both.
        const auto* policy = effectOf(peer, EffectKind::PolicyStops);
        QVERIFY(policy != nullptr);
        QVERIFY(policy->name.find("Endorsement") != std::string::npos);

        const auto admin = effects.ofEnd(indexOf(inventory, m_consortium.alphaAdmin));
        QVERIFY(effectOf(admin, EffectKind::IdentityRefused) != nullptr);
        QVERIFY(std::any_of(admin.begin(), admin.end(), [](const CertificateEffect& effect) {
            return effect.kind == EffectKind::PolicyStops &&
                   effect.name == "/Channel/Application/Admins";
        }));

        // The ledger does not mind that a CA ends; who needs new certificates does.
        QCOMPARE(kindsOf(effects.ofEnd(indexOf(inventory, m_consortium.alpha.ca()))),
                 std::vector<std::string>{"CA_ISSUES_NOTHING"});
        QVERIFY(effects.ofEnd(indexOf(inventory, m_consortium.alphaUser)).empty());
    }

    /// What nobody endorses any more when Alpha's only peer is gone, by each contract's own policy.
    void contractsStop_data() {
        QTest::addColumn<QString>("policy");
        QTest::addColumn<bool>("stops");
        QTest::newRow("the channel's own: both of two") << "" << true;
        QTest::newRow("and") << "AND('AlphaMSP.peer','BetaMSP.peer')" << true;
        QTest::newRow("alpha alone") << "OR('AlphaMSP.member')" << true;
        QTest::newRow("or") << "OR('AlphaMSP.peer','BetaMSP.peer')" << false;
        QTest::newRow("beta alone") << "OR('BetaMSP.peer')" << false;
        QTest::newRow("one of two") << "OutOf(1,'AlphaMSP.peer','BetaMSP.peer')" << false;
        QTest::newRow("two of two") << "OutOf(2,'AlphaMSP.peer','BetaMSP.peer')" << true;
        QTest::newRow("by path") << "/Channel/Application/Endorsement" << true;
        QTest::newRow("by path, one does") << "/Channel/Application/Writers" << false;
    }

    void contractsStop() {
        QFETCH(QString, policy);
        QFETCH(bool, stops);
        CertificateCollector collector;
        collector.addChannel(test::madeChannel("trade", {&m_consortium.alpha, &m_consortium.beta},
                                               m_consortium.orderers, m_consortium.consenters));
        const Bytes bytes = test::must(encodeEndorsementPolicy(policy.toStdString()));
        // Agreed on anew, and of a channel that is not known here.
        collector.addContract({ChannelId("trade"), "bank", "old"});
        collector.addContract({ChannelId("trade"), "bank", bytes});
        collector.addContract({ChannelId("gold"), "other", bytes});
        for (const auto* organisation : {&m_consortium.alpha, &m_consortium.beta}) {
            const bool isAlpha = organisation == &m_consortium.alpha;
            collector.addPresented(
                {.node = isAlpha ? "peer0.alpha" : "peer0.beta",
                 .mspId = organisation->mspId(),
                 .endpoint = "x:1",
                 .chain = {(isAlpha ? m_consortium.alphaPeer : m_consortium.betaPeer)
                               .certificate.der()}});
        }
        const auto inventory = collector.finish();
        QCOMPARE(inventory.contracts().size(), std::size_t(2));
        const auto effects =
            CertificateEffects(inventory).ofEnd(indexOf(inventory, m_consortium.alphaPeer));
        const auto* effect = effectOf(effects, EffectKind::ContractStops);
        QCOMPARE(effect != nullptr, stops);
        if (effect == nullptr) return;
        QCOMPARE(effect->name, std::string("bank"));
        QCOMPARE(effect->channel, ChannelId("trade"));
        QCOMPARE(effect->names, std::vector<std::string>{"AlphaMSP"});
        // The forecast tells it with the day.
        const auto forecast = ForecastCertificates().run(inventory, {.at = noon(2027, 5, 2)});
        QVERIFY(effectOf(forecast.standsStill, EffectKind::ContractStops) != nullptr);
    }

    void aTlsRootTakesItsNodesAlong() {
        const auto inventory = m_consortium.inventory();
        const CertificateEffects effects(inventory);
        const auto all = effects.ofEnd(indexOf(inventory, m_consortium.orderers.tlsCa()));
        const auto* quorum = effectOf(all, EffectKind::QuorumLost);
        QVERIFY(quorum != nullptr);
        QCOMPARE(quorum->remaining, std::size_t(0));
        QCOMPARE(quorum->needed, std::size_t(2));
        const auto beta = effects.ofEnd(indexOf(inventory, m_consortium.beta.tlsCa()));
        const auto* root = effectOf(beta, EffectKind::TlsRootEnds);
        QVERIFY(root != nullptr);
        QCOMPARE(root->names, std::vector<std::string>{"peer0.beta"});
        QVERIFY(effectOf(beta, EffectKind::NodeUnreachable) != nullptr);

        // With its successor beside it nothing stops but the old one.
        CertificateCollector collector;
        collector.addCa("tlsca", m_consortium.beta.mspId(),
                        m_consortium.beta.tlsCaAgain(kFar).pem());
        collector.addChannel(inventory.channels().front());
        collector.addPresented({.node = "peer0.beta",
                                .mspId = m_consortium.beta.mspId(),
                                .endpoint = "peer0.beta:7051",
                                .chain = {m_consortium.betaPeer.certificate.der()}});
        const auto renewed = collector.finish();
        const auto rest =
            CertificateEffects(renewed).ofEnd(indexOf(renewed, m_consortium.beta.tlsCa()));
        QVERIFY(effectOf(rest, EffectKind::NodeUnreachable) == nullptr);
    }

    void quorums_data() {
        QTest::addColumn<int>("consenters");
        QTest::addColumn<bool>("bft");
        QTest::addColumn<int>("needed");
        const int raft[] = {1, 2, 2, 3, 3, 4, 4};
        for (int n = 1; n <= 7; ++n) QTest::addRow("raft %d", n) << n << false << raft[n - 1];
        // ceil((n + f + 1) / 2) with f = (n - 1) / 3.
        const int bft[] = {1, 2, 2, 3, 4, 4, 5};
        for (int n = 1; n <= 7; ++n) QTest::addRow("bft %d", n) << n << true << bft[n - 1];
    }

    void quorums() {
        QFETCH(int, consenters);
        QFETCH(bool, bft);
        QFETCH(int, needed);
        QCOMPARE(quorumOf(static_cast<std::size_t>(consenters), bft),
                 static_cast<std::size_t>(needed));
    }

    void forecastInOrder() {
        const auto inventory = m_consortium.inventory();
        const auto forecast = ForecastCertificates().run(inventory, {.at = noon(2027, 4, 20)});
        QCOMPARE(forecast.ended.size(), std::size_t(2));
        QCOMPARE(kindsOf(forecast.ended[0].stops), std::vector<std::string>{"CONSENTER_LOST"});
        QCOMPARE(kindsOf(forecast.ended[1].stops),
                 (std::vector<std::string>{"QUORUM_LOST", "CONSENTER_LOST"}));
        QCOMPARE(forecast.ended[1].stops[0].remaining, std::size_t(1));
        // What stands still is all of it.
        QCOMPARE(kindsOf(forecast.standsStill),
                 (std::vector<std::string>{"QUORUM_LOST", "CONSENTER_LOST", "CONSENTER_LOST"}));
        QCOMPARE(forecast.soon.size(), std::size_t(1));
        QCOMPARE(forecast.soon[0].at, noon(2027, 5, 1));
        // Eleven days ahead: within 14 and 30, not 7.
        QCOMPARE(forecast.soon[0].within, std::optional(absl::Hours(14 * 24)));
        QVERIFY(effectOf(forecast.soon[0].stops, EffectKind::NodeUnreachable) != nullptr);
        QVERIFY(effectOf(forecast.soon[0].stops, EffectKind::QuorumLost) == nullptr);
        QVERIFY(!forecast.isQuiet());

        QVERIFY(ForecastCertificates().run(inventory, {.at = noon(2026, 6, 1)}).isQuiet());
        const auto early = ForecastCertificates().run(inventory, {.at = noon(2025, 6, 1)});
        QVERIFY(early.notYet > 0);
        // With no thresholds only the past is told.
        QVERIFY(ForecastCertificates()
                    .run(inventory, {.at = noon(2027, 4, 20), .thresholds = {}})
                    .soon.empty());
        // In nobody's use: a number.
        QCOMPARE(ForecastCertificates().run(inventory, {.at = noon(2028, 5, 20)}).unusedSoon,
                 std::size_t(1));
    }

    void listsOutOfDate() {
        const auto& alpha = m_consortium.alpha;
        CertificateCollector collector;
        collector.addCa("ca.Alpha", alpha.mspId(), alpha.ca().pem());
        collector.addRevocationList(alpha.mspId(), "here",
                                    alpha.crl({}, noon(2027, 1, 1), noon(2027, 2, 1)));
        const auto forecast =
            ForecastCertificates().run(collector.finish(), {.at = noon(2027, 2, 2)});
        QCOMPARE(forecast.ended.size(), std::size_t(1));
        QCOMPARE(kindsOf(forecast.ended[0].stops), std::vector<std::string>{"CRL_OUTDATED"});
        QCOMPARE(forecast.standsStill.size(), std::size_t(1));
    }
};

CHANCERY_TEST(CertificateInventoryTest)
#include "CertificateInventoryTest.moc"
