#include "src/usecase/NetworkFolder.h"

#include <sys/stat.h>

#include <QTemporaryDir>
#include <set>

#include "src/base/File.h"
#include "src/identity/SigningIdentity.h"
#include "src/protocol/Block.h"
#include "src/usecase/CheckMsp.h"
#include "src/usecase/ConfigFile.h"
#include "src/usecase/CreateGenesis.h"
#include "tests/support/TestMain.h"

namespace chancery::usecase {
namespace {

namespace fs = std::filesystem;

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(std::string(messageOf(result.status())));
    return *std::move(result);
}

}  // namespace

class NetworkFolderTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    const absl::Time m_now = absl::Now();
    std::optional<NetworkFolder> m_network;

    fs::path folder() const { return m_temporary.path().toStdString() + "/net"; }

private Q_SLOTS:
    void initTestCase() {
        NetworkPlan plan = twoOrganisations(folder());
        plan.ports["peer0.org1.example.com"] = 7051;
        m_network = valueOf(NetworkFolder::create(plan, m_now));
    }

    void membersAreWhatTheyShallBe_data() {
        QTest::addColumn<int>("organisation");
        QTest::addColumn<QString>("who");
        QTest::addColumn<QStringList>("roles");
        QTest::newRow("peer") << 1 << "peers/peer0.org1.example.com"
                              << QStringList{"member", "peer"};
        QTest::newRow("admin") << 1 << "users/Admin@org1.example.com"
                               << QStringList{"member", "admin"};
        QTest::newRow("user") << 2 << "users/User1@org2.example.com"
                              << QStringList{"member", "client"};
        QTest::newRow("orderer") << 0 << "orderers/orderer.example.com"
                                 << QStringList{"member", "orderer"};
    }
    void membersAreWhatTheyShallBe() {
        QFETCH(int, organisation);
        QFETCH(QString, who);
        QFETCH(QStringList, roles);
        const OrganisationFolders& owner =
            m_network->organisations()[static_cast<std::size_t>(organisation)];
        const fs::path msp = owner.folder() / who.toStdString() / "msp";
        // The clock of the check is ahead, for certificates begin in the past only.
        const auto report = CheckMsp().run({.folder = msp,
                                            .mspId = owner.plan().mspId,
                                            .channelV3 = false,
                                            .identities = {},
                                            .now = m_now + absl::Minutes(1)});
        VERIFY_OK(report);
        for (const MspCheck& check : report->checks)
            QVERIFY2(check.outcome == MspCheck::Outcome::Passed,
                     (check.what + ": " + check.detail).c_str());
        QCOMPARE(report->members.size(), std::size_t(1));
        const auto& found = report->members.front().roles;
        QStringList are;
        for (const std::string& role : found) are.push_back(QString::fromStdString(role));
        are.sort();
        roles.sort();
        QCOMPARE(are, roles);
        VERIFY_OK(identity::loadSigningIdentity(msp, owner.plan().mspId));
    }

    void keysAreTheOwnersOnly() {
        std::set<std::string> keys;
        for (const auto& entry : fs::recursive_directory_iterator(folder())) {
            struct stat info {};
            QCOMPARE(::stat(entry.path().c_str(), &info), 0);
            QCOMPARE(info.st_mode & 077, mode_t(0));
            if (entry.path().filename() == "priv_sk" || entry.path().extension() == ".key")
                QVERIFY(keys.insert(valueOf(readFile(entry.path()))).second);
        }
        // Two authorities per organisation, two keys per node and user.
        QCOMPARE(keys.size(), std::size_t(3 * 2 + 3 * 2 + 5 * 2));
    }

    void genesisIsTakenByAChannel() {
        GenesisRequest request{.channel = ChannelId("mychannel"),
                               .orderers = {},
                               .consenters = {},
                               .applications = {},
                               .now = m_now};
        for (const OrganisationFolders& organisation : m_network->organisations()) {
            const bool peers = organisation.plan().kind == OrganisationPlan::Kind::Peers;
            (peers ? request.applications : request.orderers)
                .push_back({.name = organisation.plan().name,
                            .mspId = organisation.plan().mspId,
                            .msp = organisation.msp(),
                            .endpoints = {{"127.0.0.1", 7051}}});
            if (!peers)
                request.consenters.push_back(
                    {.endpoint = {"127.0.0.1", 7050},
                     .tlsCertificate = organisation.node("orderer") / "tls" / "server.crt"});
        }
        const auto bytes = CreateGenesis().run(request);
        VERIFY_OK(bytes);
        const auto block = protocol::Block::parse(*bytes);
        VERIFY_OK(block);
        QCOMPARE(block->number(), BlockNumber(0));
        const fs::path file = m_temporary.path().toStdString() + "/genesis.block";
        VERIFY_OK(writeNewFile(file, *bytes));
        const auto config = readWholeConfig(file);
        VERIFY_OK(config);
        QCOMPARE(config->channel.str(), std::string("mychannel"));
    }

    void opensAgain() {
        VERIFY_OK(m_network->setEndpoints("orderer.example.com",
                                          {{"grpc", "127.0.0.1:1234"}, {"admin", "127.0.0.1:99"}}));
        VERIFY_OK(m_network->save());
        const auto again = NetworkFolder::open(folder());
        VERIFY_OK(again);
        QCOMPARE(again->nodes().size(), std::size_t(3));
        QCOMPARE(again->channel().str(), std::string("mychannel"));
        const auto address = again->address(*again->node("orderer.example.com"));
        VERIFY_OK(address);
        QCOMPARE(address->endpoint, std::string("127.0.0.1:1234"));
        QCOMPARE(again->node("peer0.org1.example.com")->endpoints.at("operations"),
                 std::string("127.0.0.1:7052"));
        QCOMPARE(reasonOf(again->address(*again->node("peer0.org2.example.com")).status()),
                 std::string("NOT_STARTED"));
        QCOMPARE(again->peersOf("Org2").size(), std::size_t(1));
    }

    void leavesOthersAlone() {
        QCOMPARE(reasonOf(NetworkFolder::create(twoOrganisations(folder()), m_now).status()),
                 std::string("NETWORK_EXISTS"));
        QCOMPARE(reasonOf(NetworkFolder::open(folder() / "nodes").status()),
                 std::string("NO_NETWORK"));
    }
};

}  // namespace chancery::usecase

using chancery::usecase::NetworkFolderTest;
CHANCERY_TEST(NetworkFolderTest)
#include "NetworkFolderTest.moc"
