#include "fabric/common/configtx.pb.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/client/CaClient.h"
#include "src/http/Handshake.h"
#include "src/identity/SigningIdentity.h"
#include "src/protocol/Block.h"
#include "src/usecase/CaSettings.h"
#include "src/usecase/CertificateCollector.h"
#include "src/usecase/EnrolIdentity.h"
#include "src/usecase/ForecastCertificates.h"
#include "src/usecase/JoinChannel.h"
#include "src/usecase/RenewNodeCertificates.h"
#include "src/usecase/SignConfigUpdate.h"
#include "tests/network/TestNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using test::TestNetwork;
namespace fs = std::filesystem;

namespace {

template <class T>
T have(Result<T> result) {
    if (!result.ok()) {
        qWarning("%s", result.status().ToString().c_str());
        throw std::runtime_error(result.status().ToString());
    }
    return *std::move(result);
}

void mustBeOk(const Status& status) {
    if (!status.ok()) {
        qWarning("%s", status.ToString().c_str());
        throw std::runtime_error(status.ToString());
    }
}

}  // namespace

/// Certificates of a network of processes: what is seen of them, nodes that get new ones while
/// transactions go on, and an identity that is refused everywhere after its revocation.
class CertificatesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<TestNetwork> m_network;
    QTemporaryDir m_files;
    client::CaClient m_cas;
    std::map<std::string, Bytes> m_renewed;  // PEM by node
    int m_count = 0;

    std::string file(const std::string& name) {
        return m_files.filePath(name.c_str()).toStdString();
    }
    Deadline soon() const { return deadlineIn(TestNetwork::kLong); }

    std::vector<Bytes> shown(const usecase::NetworkNode& node) {
        const auto address = have(m_network->folder().address(node));
        const auto at = have(interfaces::splitEndpoint(address.endpoint));
        return have(http::presentedCertificates(at.host, at.port, soon()));
    }

    usecase::CertificateInventory inventory(bool asksNodes = true) {
        const usecase::NetworkFolder& folder = m_network->folder();
        usecase::CertificateCollector collector;
        collector.addNetwork(folder);
        collector.addChannelFile(configFile());
        for (const usecase::NetworkNode& node : folder.nodes()) {
            if (!asksNodes) break;
            collector.addPresented({.node = node.name,
                                    .mspId = folder.organisations()[node.organisation].plan().mspId,
                                    .isOrderer = !node.isPeer,
                                    .endpoint = have(folder.address(node)).endpoint,
                                    .chain = shown(node)});
        }
        for (const auto& problem : collector.problems())
            throw std::runtime_error(problem.place + ": " + problem.status.ToString());
        return collector.finish();
    }

    /// The newest config block, in a file.
    std::string configFile() {
        const auto delivery =
            have(m_network->connector().ordererDelivery(m_network->orderers().front()));
        const Bytes block = have(
            usecase::ReadChannel().configBlock(m_network->actAs("OrdererOrg", "Admin"), *delivery,
                                               m_network->folder().channel(), soon()));
        const std::string path = file("config" + std::to_string(++m_count) + ".block");
        mustBeOk(writeNewFile(path, block));
        return path;
    }

    /// Signs as the administrator, sends it, and returns when it is in force at the orderer.
    void submit(const usecase::CertificateDraft& draft, const std::string& organisation) {
        const std::string path = file("update" + std::to_string(++m_count) + ".pb");
        mustBeOk(writeNewFile(path, draft.update));
        const auto context = m_network->actAs(organisation, "Admin");
        const auto update =
            have(usecase::SignConfigUpdate(Clock::system()).run(path, *context.identity));
        const auto orderer = m_network->orderers().front();
        const auto delivery = have(m_network->connector().ordererDelivery(orderer));
        const usecase::ReadChannel read;
        const auto channel = m_network->folder().channel();
        const auto reader = m_network->actAs("OrdererOrg", "Admin");
        const auto height = [&] {
            return have(protocol::Block::parse(
                            have(read.block(reader, *delivery, channel, std::nullopt, soon()))))
                .number();
        };
        const BlockNumber before = height();
        mustBeOk(
            have(m_network->connector().ordering(orderer))->broadcast(update.envelope, soon()));
        const Deadline late = soon();
        while (height() == before)
            if (std::chrono::steady_clock::now() > late) throw std::runtime_error("no block");
    }

    void renew(const std::string& name, bool newKey) {
        const usecase::NetworkFolder& folder = m_network->folder();
        const usecase::NetworkNode& node = *folder.node(name);
        const auto& owner = folder.organisations()[node.organisation];
        const fs::path tls = owner.node(name.substr(0, name.find('.'))) / "tls";
        const usecase::RenewNodeCertificates renewal(file("plan" + std::to_string(++m_count)));
        have(renewal.begin(inventory(), {{name, tls}}));
        const auto before = shown(node);
        bool hasRestarted = false;
        for (int step = 0; step < 10; ++step) {
            // Everything that is known of it stands in its file.
            auto plan = have(renewal.resume());
            if (plan.next() == nullptr) break;
            switch (plan.next()->kind) {
                case usecase::RenewalStep::Kind::Enrol:
                    mustBeOk(renewal.enrol(plan, name, m_cas, have(folder.tlsCa(node.organisation)),
                                           newKey, soon()));
                    break;
                case usecase::RenewalStep::Kind::UpdateChannel: {
                    auto config = have(usecase::readWholeConfig(configFile()));
                    if (const auto draft = have(renewal.draft(plan, name, std::move(config))))
                        submit(*draft, "OrdererOrg");
                    break;
                }
                case usecase::RenewalStep::Kind::Install:
                    mustBeOk(renewal.install(plan, name));
                    QCOMPARE(reasonOf(renewal.seen(plan, name, before.front())),
                             std::string("STILL_OLD"));
                    break;
                case usecase::RenewalStep::Kind::Restart:
                    mustBeOk(m_network->restart(name));
                    hasRestarted = true;
                    mustBeOk(renewal.seen(plan, name, shown(node).front()));
                    break;
            }
        }
        QVERIFY(hasRestarted);
        QVERIFY(have(renewal.resume()).next() == nullptr);
        const auto old = have(identity::Certificate::fromDer(before.front()));
        const auto now = have(identity::Certificate::fromDer(shown(node).front()));
        QVERIFY(!(old == now));
        QCOMPARE(old.publicKey() == now.publicKey(), !newKey);
    }

    void renewIdentity(const std::string& name, bool newKey) {
        const usecase::NetworkFolder& folder = m_network->folder();
        const usecase::NetworkNode& node = *folder.node(name);
        const fs::path msp = folder.filesOf(node) / "msp";
        const auto before = have(identity::loadSigningCertificate(msp));
        const usecase::RenewNodeCertificates renewal(file("plan" + std::to_string(++m_count)));
        have(renewal.begin(inventory(), {{name, msp}}, usecase::NodeCertificate::Identity));
        const auto instance = [&] { return std::to_string(m_network->processOf(name)); };
        for (int step = 0; step < 10; ++step) {
            auto plan = have(renewal.resume());
            if (plan.next() == nullptr) break;
            switch (plan.next()->kind) {
                case usecase::RenewalStep::Kind::Enrol:
                    mustBeOk(renewal.enrol(plan, name, m_cas,
                                           have(folder.identityCa(node.organisation)), newKey,
                                           soon()));
                    break;
                case usecase::RenewalStep::Kind::UpdateChannel:
                    throw std::runtime_error("channels do not name identities of nodes with raft");
                case usecase::RenewalStep::Kind::Install:
                    mustBeOk(renewal.install(plan, name, instance()));
                    QCOMPARE(reasonOf(renewal.restarted(plan, name, instance())),
                             std::string("STILL_OLD"));
                    break;
                case usecase::RenewalStep::Kind::Restart:
                    mustBeOk(m_network->restart(name));
                    mustBeOk(renewal.restarted(plan, name, instance()));
                    break;
            }
        }
        QVERIFY(have(renewal.resume()).next() == nullptr);
        const auto now = have(identity::loadSigningCertificate(msp));
        QVERIFY(!(before == now));
        QCOMPARE(before.publicKey() == now.publicKey(), !newKey);
        m_renewed[name] = have(renewal.resume()).node(name)->newPem;
    }

private Q_SLOTS:
    void initTestCase() { m_network = std::make_unique<TestNetwork>(); }

    void everyNodeShowsWhatItHas() {
        const auto all = inventory();
        QCOMPARE(all.nodes().size(), m_network->folder().nodes().size());
        for (const auto& node : all.nodes()) {
            QVERIFY(node.tls.has_value() && node.identity.has_value());
            QCOMPARE(node.presented, node.tls);
            QVERIFY(all.isRoot(all.chainOf(*node.tls).back()));
        }
        QVERIFY(usecase::ForecastCertificates().run(all, {.at = absl::Now()}).isQuiet());
        // A year and some days later all that was enrolled today has ended.
        const auto later =
            usecase::ForecastCertificates().run(all, {.at = absl::Now() + absl::Hours(24 * 500)});
        std::set<std::string> unreachable;
        for (const auto& effect : later.standsStill)
            if (effect.kind == usecase::EffectKind::NodeUnreachable)
                unreachable.insert(effect.name);
        QCOMPARE(unreachable.size(), m_network->folder().nodes().size());
        QVERIFY(
            std::any_of(later.standsStill.begin(), later.standsStill.end(), [](const auto& one) {
                return one.kind == usecase::EffectKind::PolicyStops &&
                       one.name == "/Channel/Application/Endorsement";
            }));
    }

    void whoIsNotThere() {
        QCOMPARE(reasonOf(http::presentedCertificates("127.0.0.1", 1, soon()).status()),
                 std::string("CONNECTION_REFUSED"));
    }

    void nodesAreRenewed() {
        VERIFY_OK(m_network->submit({"put", "a", "before"}));
        renew("peer0.org1.example.com", true);
        VERIFY_OK(m_network->submit({"put", "b", "between"}));
        renew("orderer.example.com", true);
        VERIFY_OK(m_network->submit({"put", "c", "after"}));
        renew("orderer.example.com", false);
        VERIFY_OK(m_network->submit({"put", "d", "again"}));
        for (const char* organisation : {"Org1", "Org2"})
            QCOMPARE(have(m_network->evaluate(organisation, {"get", "d"})), Bytes("again"));
    }

    /// The certificates by which nodes sign: after the restart they stand below what they sign.
    void identitiesOfNodesAreRenewed() {
        renewIdentity("peer0.org2.example.com", true);
        renewIdentity("orderer.example.com", false);
        VERIFY_OK(m_network->submit({"put", "f", "signed anew"}));
        for (const char* organisation : {"Org1", "Org2"})
            QCOMPARE(have(m_network->evaluate(organisation, {"get", "f"})), Bytes("signed anew"));
        const Bytes last = m_network->blocks("peer0.org1.example.com").back();
        for (const auto& [node, pem] : m_renewed)
            QVERIFY2(last.find(pem) != Bytes::npos, node.c_str());
    }

    void whoIsRevokedIsRefused() {
        const usecase::NetworkFolder& folder = m_network->folder();
        const std::size_t index = 2;
        const auto& org2 = folder.organisations()[index];
        QCOMPARE(org2.plan().name, std::string("Org2"));
        VERIFY_OK(m_network->evaluate("Org2", {"get", "d"}));
        const auto user = m_network->actAs("Org2", "User1").identity->certificate();

        const auto ca = have(folder.identityCa(index));
        const auto key = have(crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
        const auto enrolled =
            have(usecase::EnrolIdentity(m_cas, soon())
                     .run(ca, usecase::kRegistrar, have(folder.caFolder(index).secret()), {}, key));
        const auto registrar = have(
            identity::makeSigningIdentity(org2.plan().mspId, enrolled.certificatePem, key.toPem()));
        const auto authority = have(m_cas.authority(ca, usecase::callerOf(registrar)));
        const auto revocation =
            have(authority->revoke({.serial = user.serialHex(),
                                    .authorityKeyId = toHex(user.authorityKeyId()),
                                    .reason = "keycompromise",
                                    .wantsCrl = true},
                                   soon()));
        QVERIFY(!revocation.crlPem.empty());
        // The CA says so, and the inventory sees which list it is; the channel does not know yet.
        usecase::CertificateCollector collector;
        collector.addAuthority(org2.caName(), org2.plan().mspId, *authority, soon());
        QVERIFY(collector.problems().empty());
        const auto seen = collector.finish();
        const auto& row = seen.certificates()[seen.byFingerprint(user.fingerprint()).value()];
        QVERIFY(row.revocation && row.revocation->reason == 1);
        VERIFY_OK(m_network->evaluate("Org2", {"get", "d"}));

        const auto drafts =
            have(usecase::CertificateDrafts::of(have(usecase::readWholeConfig(configFile()))));
        submit(have(drafts.revocation(org2.plan().mspId, revocation.crlPem)), "Org2");
        // A transaction behind it: then every peer has it.
        VERIFY_OK(m_network->submit({"put", "e", "later"}));
        QVERIFY(!m_network->evaluate("Org2", {"get", "d"}).ok());
        VERIFY_OK(m_network->evaluate("Org1", {"get", "d"}));
    }
};

CHANCERY_TEST(CertificatesTest)
#include "CertificatesTest.moc"
