#include <sys/stat.h>

#include <set>

#include "src/base/File.h"
#include "src/client/CaClient.h"
#include "src/identity/Issue.h"
#include "src/identity/SigningIdentity.h"
#include "src/usecase/CheckMsp.h"
#include "src/usecase/EnrolIdentity.h"
#include "tests/network/TestNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using test::TestNetwork;
namespace fs = std::filesystem;

namespace {

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.status().ToString());
    return *std::move(result);
}

}  // namespace

/// Networks whose members were enrolled by CA processes, for each suite: roles, files,
/// transactions, and that the suites are not mixed.
class MembersTest : public QObject {
    Q_OBJECT

    std::map<std::string, std::unique_ptr<TestNetwork>> m_networks;
    client::CaClient m_cas;

    TestNetwork& network() {
        QFETCH_GLOBAL(QString, suite);
        auto& one = m_networks[suite.toStdString()];
        if (!one)
            one = std::make_unique<TestNetwork>(fs::path(),
                                                *valueOf(crypto::suiteNamed(suite.toStdString())));
        return *one;
    }
    Deadline soon() const { return deadlineIn(TestNetwork::kLong); }

private Q_SLOTS:
    void initTestCase_data() {
        QTest::addColumn<QString>("suite");
        QTest::newRow("ECDSA") << "ECDSA-P256";
        QTest::newRow("SM2") << "SM2";
    }

    void membersAreWhatTheyShallBe_data() {
        QTest::addColumn<int>("organisation");
        QTest::addColumn<QString>("who");
        QTest::addColumn<QStringList>("roles");
        QTest::newRow("peer") << 1 << "peers/peer0.org1.example.com"
                              << QStringList{"member", "peer"};
        QTest::newRow("admin") << 1 << "users/Admin@org1.example.com"
                               << QStringList{"admin", "member"};
        QTest::newRow("user") << 2 << "users/User1@org2.example.com"
                              << QStringList{"client", "member"};
        QTest::newRow("orderer") << 0 << "orderers/orderer.example.com"
                                 << QStringList{"member", "orderer"};
    }
    void membersAreWhatTheyShallBe() {
        QFETCH(int, organisation);
        QFETCH(QString, who);
        QFETCH(QStringList, roles);
        const auto& owner =
            network().folder().organisations()[static_cast<std::size_t>(organisation)];
        const fs::path msp = owner.folder() / who.toStdString() / "msp";
        const auto report = usecase::CheckMsp().run({.folder = msp,
                                                     .mspId = owner.plan().mspId,
                                                     .channelV3 = false,
                                                     .identities = {},
                                                     .now = absl::Now()});
        VERIFY_OK(report);
        for (const usecase::MspCheck& check : report->checks)
            QVERIFY2(check.outcome == usecase::MspCheck::Outcome::Passed,
                     (check.what + ": " + check.detail).c_str());
        QCOMPARE(report->members.size(), std::size_t(1));
        QStringList are;
        for (const std::string& role : report->members.front().roles)
            are.push_back(QString::fromStdString(role));
        are.sort();
        QCOMPARE(are, roles);
        const auto signer = identity::loadSigningIdentity(msp, owner.plan().mspId);
        VERIFY_OK(signer);
        QCOMPARE((*signer)->certificate().publicKey().algorithm(), network().folder().suite().key);
    }

    void keysAreTheOwnersOnly() {
        std::set<std::string> keys;
        for (const auto& entry : fs::recursive_directory_iterator(network().path() + "/crypto")) {
            struct stat info {};
            QCOMPARE(::stat(entry.path().c_str(), &info), 0);
            QCOMPARE(info.st_mode & 077, mode_t(0));
            if (entry.path().filename() == "priv_sk" || entry.path().extension() == ".key")
                QVERIFY(keys.insert(valueOf(readFile(entry.path()))).second);
        }
        // Two for each node and user.
        QCOMPARE(keys.size(), std::size_t(3 * 2 + 5 * 2));
    }

    /// Secrets are used up, the registrar's stays where it is.
    void secretsAreGone() {
        for (const auto& ca : network().folder().authorities()) {
            const std::string secret =
                valueOf(network().folder().caFolder(ca.organisation).secret());
            for (const auto& entry : fs::recursive_directory_iterator(network().path())) {
                if (!entry.is_regular_file() || entry.path().filename() == "registrar.secret")
                    continue;
                const Bytes text = valueOf(readFile(entry.path()));
                QVERIFY2(text.find(secret) == std::string::npos, entry.path().c_str());
            }
        }
    }

    void everyMemberWasEnrolledByItsCas() {
        const auto& folder = network().folder();
        for (std::size_t i = 0; i < folder.organisations().size(); ++i)
            for (const auto& address : {valueOf(folder.identityCa(i)), valueOf(folder.tlsCa(i))}) {
                usecase::EnrolIdentity enrol(m_cas, soon());
                const auto* suite = valueOf(enrol.suiteOf(address));
                const auto key = std::make_shared<crypto::PrivateKey>(
                    valueOf(crypto::PrivateKey::generate(suite->key)));
                const auto registrar = valueOf(enrol.run(
                    address, usecase::kRegistrar, valueOf(folder.caFolder(i).secret()), {}, *key));
                const auto caller = usecase::callerOf(valueOf(
                    identity::makeSigningIdentity(MspId("CA"), registrar.certificatePem, key)));
                std::set<std::string> names;
                VERIFY_OK(valueOf(m_cas.authority(address, caller))
                              ->certificates(
                                  {},
                                  [&](BytesView pem) -> Status {
                                      ASSIGN_OR_RETURN(const auto one,
                                                       identity::Certificate::fromPem(pem));
                                      names.insert(one.commonName());
                                      return absl::OkStatus();
                                  },
                                  soon()));
                const auto& at = folder.organisations()[i];
                for (const std::string& node : at.plan().nodes)
                    QVERIFY(names.contains(at.nodeName(node)));
                QVERIFY(names.contains(at.userName("Admin")));
            }
    }

    void transactionsAreCommitted() {
        const auto done = network().submit({"put", "k", "v"});
        VERIFY_OK(done);
        for (const std::string organisation : {"Org1", "Org2"}) {
            const auto value = network().evaluate(organisation, {"get", "k"});
            VERIFY_OK(value);
            QCOMPARE(*value, std::string("v"));
        }
    }

    /// Somebody with a key of the other suite, certified by a CA of his own, is nobody here.
    void suitesAreNotMixed() {
        const bool isSm2 = &network().folder().suite() == &crypto::sm2();
        const auto key = std::make_shared<crypto::PrivateKey>(valueOf(crypto::PrivateKey::generate(
            isSm2 ? crypto::KeyAlgorithm::EcdsaP256 : crypto::KeyAlgorithm::Sm2)));
        const auto ca = valueOf(network().folder().identityCa(1));
        const auto refused = usecase::EnrolIdentity(m_cas, soon())
                                 .run(ca, usecase::kRegistrar,
                                      valueOf(network().folder().caFolder(1).secret()), {}, *key);
        QCOMPARE(reasonOf(refused.status()), std::string("SUITE_MISMATCH"));

        identity::SubjectName subject;
        subject.commonName = "stranger";
        subject.organizationalUnits = {"client"};
        const auto own =
            valueOf(identity::issueSelfSigned(identity::fabricCaRoot(subject, absl::Now()), *key));
        usecase::TransactionContext context = network().actAs("Org1", "User1");
        context.identity =
            valueOf(identity::makeSigningIdentity(context.identity->mspId(), own.toPem(), key));
        const auto asked = usecase::EvaluateTransaction().run(
            context, {.call = {.channel = network().folder().channel(),
                               .contract = "keys",
                               .args = {"get", "k"}},
                      .peer = network().peers().front(),
                      .deadline = soon()});
        QVERIFY2(!asked.ok(), "a stranger was answered");
    }

    void goesOnAfterARestart() {
        auto& running = network().running();
        VERIFY_OK(running.stopAll());
        VERIFY_OK(running.startAll(soon()));
        Result<usecase::Submitted> done = absl::UnknownError("not tried");
        const bool worked = QTest::qWaitFor(
            [&] {
                done = network().submit({"put", "after", "restart"});
                return done.ok();
            },
            60'000);
        QVERIFY2(worked, done.status().ToString().c_str());
        for (std::size_t i = 0; i < network().folder().organisations().size(); ++i) {
            const auto ca = valueOf(m_cas.authority(valueOf(network().folder().identityCa(i)), {}));
            const auto info = ca->info(soon());
            VERIFY_OK(info);
            QCOMPARE(info->suite, std::string(network().folder().suite().name));
        }
    }
};

CHANCERY_TEST(MembersTest)
#include "MembersTest.moc"
