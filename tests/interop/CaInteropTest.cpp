#include <QTemporaryDir>

#include "src/base/File.h"
#include "tests/interop/Script.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using nlohmann::json;
using test::Script;

/// npm's fabric-ca-client against a CA process.
class CaInteropTest : public QObject {
    Q_OBJECT

    static constexpr std::chrono::seconds kLong{60};  // never reached unless something is broken

    QTemporaryDir m_folder;
    std::unique_ptr<process::Child> m_node;
    std::string m_url;

    std::string path(const std::string& name) const {
        return m_folder.filePath(QString::fromStdString(name)).toStdString();
    }

private Q_SLOTS:
    void initTestCase() {
        const auto config = readFile(test::kInteropFolder + "/ca.yaml");
        VERIFY_OK(config);
        VERIFY_OK(writeFileAtomically(path("ca.yaml"), *config));
        process::Command command;
        command.program = CHANCERY_NODE;
        command.arguments = {"ca", "--config", path("ca.yaml")};
        command.environment = process::minimalEnvironment();
        auto node = process::Child::start(std::move(command));
        VERIFY_OK(node);
        m_node = *std::move(node);
        const auto ready = m_node->waitReady(deadlineIn(kLong));
        VERIFY_OK(ready);
        const auto said = json::parse(*ready, nullptr, false);
        QVERIFY2(said.is_object(), ready->c_str());
        const std::string endpoint = said["endpoints"]["https"];
        m_url = "https://127.0.0.1" + endpoint.substr(endpoint.rfind(':'));
    }

    /// register, enroll, attributes, reenroll, revoke, gencrl, affiliations, identities,
    /// certificates.
    void wholeLife() {
        const auto facts = readFile(test::kInteropFolder + "/ca.json", 1 << 20);
        VERIFY_OK(facts);
        const json expected = json::parse(*facts);
        const json result =
            Script("clients/ca.js", {m_url, path("data/ca-org1/cert.pem"), "ca-org1", "adminpw"})
                .result();
        const std::string difference = json::diff(expected, result).dump(2);
        QVERIFY2(result == expected, (difference + "\n" + result.dump(2)).c_str());
    }
};

CHANCERY_TEST(CaInteropTest)
#include "CaInteropTest.moc"
