#include "node/ca/CertificateList.h"

#include <atomic>
#include <thread>

#include "node/ca/CaRole.h"
#include "node/ca/CertificateTable.h"
#include "node/ca/Token.h"
#include "src/base/File.h"
#include "src/http/Client.h"
#include "tests/node/ca/TestCa.h"
#include "tests/support/TestMain.h"

namespace chancery::node::test {
namespace {

/// More than two pages, so that a thread beside reads most of them.
constexpr int kMany = 4'700;

/// Certificates of any length: what they hold does not matter to the list.
std::string pemOf(int number) {
    std::string pem = "-----BEGIN CERTIFICATE-----\n";
    for (int i = 0; i <= number % 23; ++i) pem += std::string(64, char('A' + number % 26)) + "\n";
    pem += std::to_string(number);
    // Also one without an end of its last line.
    return pem + (number % 7 == 0 ? "" : "\n-----END CERTIFICATE-----\n");
}

Status fill(CertificateAuthority& ca, const identity::Certificate& certificate) {
    CertificateRow row = rowOf(certificate, {}, {});
    return ca.store().write([&](store::Connection& connection) -> Status {
        for (int i = 0; i < kMany; ++i) {
            row.serial = fmt::format("a{:019x}", i);
            row.id = fmt::format("user{}", i % 2);
            row.pem = pemOf(i);
            ASSIGN_OR_RETURN([[maybe_unused]] const auto number,
                             insertCertificate(connection, row));
        }
        return absl::OkStatus();
    });
}

/// What a library makes of the same rows.
std::string naiveList(int from, int step) {
    std::string text;
    for (int i = from; i < kMany; i += step)
        text += (text.empty() ? "" : ",") + json{{"PEM", pemOf(i)}}.dump();
    return text;
}

}  // namespace

/// Lists longer than a page: byte for byte, and for clients that go away.
class CertificateListTest : public QObject {
    Q_OBJECT

    std::unique_ptr<TestCa> m_ca;
    std::string m_first;  // of what the CA itself has issued before

    std::string listOf(const CertificateFilter& filter) {
        std::string text;
        std::size_t largest = 0;
        const bool isWhole = writeCertificates(m_ca->ca(), filter, [&](BytesView piece) {
            largest = std::max(largest, piece.size());
            text += piece;
            return true;
        });
        if (!isWhole) throw std::runtime_error("the list is not whole");
        // Never the whole at once.
        if (text.size() > 200'000 && largest > 64'000) throw std::runtime_error("too much at once");
        return text;
    }

private Q_SLOTS:
    void initTestCase() {
        m_ca = std::make_unique<TestCa>();
        m_ca->admin();
        const auto key = valueOf(crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
        const auto certificate = valueOf(m_ca->ca().issueForServer(key.publicKey(), {}));
        m_first = listOf({});
        VERIFY_OK(fill(m_ca->ca(), certificate));
    }

    void everyByte() {
        const std::string all = listOf({});
        QVERIFY(all.size() > 2'000'000);
        const std::string wanted = (m_first.empty() ? "" : m_first + ",") + naiveList(0, 1);
        // Not QCOMPARE: it would print it.
        QCOMPARE(all.size(), wanted.size());
        QVERIFY(all == wanted);
        const auto parsed = json::parse("[" + all + "]", nullptr, false);
        QVERIFY(parsed.is_array());
        for (std::size_t i = 0; i < std::size_t(kMany); ++i)
            QCOMPARE(parsed[parsed.size() - kMany + i]["PEM"].get<std::string>(),
                     pemOf(static_cast<int>(i)));
    }

    void everyByteOfASearch() {
        QVERIFY(listOf({.id = "user1"}) == naiveList(1, 2));
        // Sorted by a time that all have in common: one page, however long.
        const auto by = listOf({.id = "user0", .expiresFrom = absl::UnixEpoch()});
        QCOMPARE(by.size(), naiveList(0, 2).size());
    }

    void clientsThatGoAway_data() {
        QTest::addColumn<int>("pieces");
        for (const int pieces : {0, 1, 2, 30, 31, 60, 90})
            QTest::addRow("after %d pieces", pieces) << pieces;
    }
    /// The thread that reads ends, too, and nothing is held.
    void clientsThatGoAway() {
        QFETCH(int, pieces);
        for (int round = 0; round < 5; ++round) {
            int taken = 0;
            std::size_t bytes = 0;
            const bool isWhole = writeCertificates(m_ca->ca(), {}, [&](BytesView piece) {
                bytes += piece.size();
                return taken++ < pieces;
            });
            QVERIFY(!isWhole);
            // Nobody is called again who did not want more.
            QCOMPARE(taken, pieces + 1);
        }
        VERIFY_OK(m_ca->ca().store().write([](store::Connection&) { return absl::OkStatus(); }));
        QVERIFY(listOf({.id = "user1"}) == naiveList(1, 2));
    }

    void severalAtOnce() {
        const std::string wanted = listOf({});
        std::atomic<int> same{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i)
                threads.emplace_back([&] {
                    std::string text;
                    if (writeCertificates(m_ca->ca(), {},
                                          [&](BytesView piece) {
                                              text += piece;
                                              return true;
                                          }) &&
                        text == wanted)
                        ++same;
                });
        }
        QCOMPARE(same.load(), 4);
    }

    /// The same over the network; a client that hangs up in the middle leaves the server well.
    void overHttps() {
        QTemporaryDir folder;
        Member admin = m_ca->admin();
        const std::filesystem::path at = folder.path().toStdString();
        m_ca->close();
        std::filesystem::copy(m_ca->folder(), at / "ca", std::filesystem::copy_options::recursive);
        std::filesystem::permissions(at / "ca", std::filesystem::perms::owner_all);
        VERIFY_OK(m_ca->restart());
        CaServerOptions options;
        options.cas.push_back(m_ca->options());
        options.cas.back().folder = at / "ca";
        Metrics metrics;
        const auto role = valueOf(CaRole::open(std::move(options), metrics, at, {"127.0.0.1"}));
        VERIFY_OK(role->start());
        const std::string endpoint = role->endpoints().front();
        const auto port =
            static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
        const Bytes roots = valueOf(readFile(at / "ca" / "cert.pem"));
        const auto get = [&](const std::function<bool(BytesView)>& sink) {
            const auto client = valueOf(http::Client::make("127.0.0.1", port, {.rootsPem = roots}));
            const std::string target = "/api/v1/certificates";
            const auto token = valueOf(makeToken(admin.certificate, admin.key, "GET", target, {}));
            return client->send(
                {.path = target, .headers = {{"Authorization", token}}, .sink = sink},
                deadlineIn(std::chrono::seconds(60)));
        };
        for (const std::size_t most : {std::size_t(1), std::size_t(100'000), std::size_t(900'000)})
            for (int round = 0; round < 3; ++round) {
                std::size_t bytes = 0;
                const auto cut = get([&](BytesView some) {
                    bytes += some.size();
                    return bytes < most;
                });
                QVERIFY(!cut.ok());
            }
        std::string whole;
        const auto response = get([&](BytesView some) {
            whole += some;
            return true;
        });
        VERIFY_OK(response);
        QCOMPARE(response->status, 200);
        const std::string begin = R"("certs":[)";
        const std::size_t from = whole.find(begin);
        QVERIFY(from != std::string::npos);
        const std::string list = listOf({});
        QVERIFY(whole.compare(from + begin.size(), list.size(), list) == 0);
        QVERIFY(json::parse(whole, nullptr, false).is_object());
    }
};

}  // namespace chancery::node::test

using chancery::node::test::CertificateListTest;
CHANCERY_TEST(CertificateListTest)
#include "CertificateListTest.moc"
