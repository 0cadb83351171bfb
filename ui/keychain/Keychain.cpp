#include "ui/keychain/Keychain.h"

#include <qt6keychain/keychain.h>

#include <QCoreApplication>
#include <QThread>
#include <chrono>
#include <future>

#include "ui/bridge/GuiExecutor.h"

namespace chancery::ui {
namespace {

const QString kService = QStringLiteral("Chancery");
constexpr std::chrono::milliseconds kStep{50};

struct Answer {
    QKeychain::Error error = QKeychain::NoError;
    QString text;
    QByteArray secret;
};

Status statusOf(const Answer& answer) {
    const std::string text = answer.text.toStdString();
    switch (answer.error) {
        case QKeychain::NoError:
            return absl::OkStatus();
        case QKeychain::EntryNotFound:
            return makeError(StatusCode::kNotFound, "NO_SECRET", "the keychain does not have it");
        case QKeychain::AccessDenied:
        case QKeychain::AccessDeniedByUser:
            return makeError(StatusCode::kPermissionDenied, "KEYCHAIN_REFUSED",
                             "the keychain was not opened: " + text);
        case QKeychain::NoBackendAvailable:
        case QKeychain::NotImplemented:
            return makeError(StatusCode::kUnavailable, "NO_KEYCHAIN",
                             "this desktop has no service that keeps secrets: " + text);
        default:
            return makeError(StatusCode::kUnavailable, "KEYCHAIN_FAILED",
                             "the keychain does not work: " + text);
    }
}

Status silent() {
    return makeError(StatusCode::kUnavailable, "KEYCHAIN_SILENT",
                     "the keychain has not answered in time");
}

void wipe(QByteArray& bytes) {
    std::fill(bytes.begin(), bytes.end(), '\0');
    bytes.clear();
}

}  // namespace

Keychain::Keychain(int patience, QObject* parent)
    : QObject(parent), m_patience(patience), m_self(this) {
    // Nobody answers once the event loop is gone.
    connect(QCoreApplication::instance(), &QCoreApplication::aboutToQuit, this,
            [this] { m_ending = true; });
}

Keychain::~Keychain() = default;

Result<QByteArray> Keychain::run(std::function<QKeychain::Job*()> make) {
    if (QThread::currentThread() == thread())
        return makeError(StatusCode::kInternal, "KEYCHAIN_FAILED",
                         "the thread that hears the keychain's answer must not wait for it");
    auto promise = std::make_shared<std::promise<Answer>>();
    auto future = promise->get_future();
    GuiExecutor::post(m_self, [make = std::move(make), promise] {
        QKeychain::Job* job = make();
        QObject::connect(job, &QKeychain::Job::finished, job, [promise](QKeychain::Job* ended) {
            Answer answer{ended->error(), ended->errorString(), {}};
            if (auto* read = qobject_cast<QKeychain::ReadPasswordJob*>(ended))
                answer.secret = read->binaryData();
            promise->set_value(std::move(answer));
        });
        job->start();
    });
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(m_patience);
    while (future.wait_for(kStep) != std::future_status::ready)
        if (m_ending || std::chrono::steady_clock::now() >= end) return silent();
    Answer answer = future.get();
    RETURN_IF_ERROR(statusOf(answer));
    return answer.secret;
}

Result<crypto::Secret> Keychain::read(const std::string& name) {
    ASSIGN_OR_RETURN(QByteArray found, run([name]() -> QKeychain::Job* {
                         auto* job = new QKeychain::ReadPasswordJob(kService);
                         job->setKey(QString::fromStdString(name));
                         return job;
                     }));
    crypto::Secret secret(BytesView(found.constData(), std::size_t(found.size())));
    wipe(found);
    return secret;
}

Status Keychain::keep(const std::string& name, const crypto::Secret& secret) {
    // The library and the bus have copies of their own; ours goes with the job.
    QByteArray bytes(secret.view().data(), qsizetype(secret.size()));
    const Status status = run([name, bytes]() -> QKeychain::Job* {
                              auto* job = new QKeychain::WritePasswordJob(kService);
                              job->setKey(QString::fromStdString(name));
                              job->setBinaryData(bytes);
                              return job;
                          }).status();
    wipe(bytes);
    return status;
}

Status Keychain::forget(const std::string& name) {
    const Status status = run([name]() -> QKeychain::Job* {
                              auto* job = new QKeychain::DeletePasswordJob(kService);
                              job->setKey(QString::fromStdString(name));
                              return job;
                          }).status();
    return reasonOf(status) == "NO_SECRET" ? absl::OkStatus() : status;
}

}  // namespace chancery::ui
