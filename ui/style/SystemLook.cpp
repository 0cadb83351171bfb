#include "ui/style/SystemLook.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

namespace chancery::ui {
namespace {

const auto kService = QStringLiteral("org.freedesktop.portal.Desktop");
const auto kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const auto kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const auto kAppearance = QStringLiteral("org.freedesktop.appearance");
const auto kColorScheme = QStringLiteral("color-scheme");
const auto kGnome = QStringLiteral("org.gnome.desktop.interface");
const auto kAnimations = QStringLiteral("enable-animations");

}  // namespace

SystemLook::SystemLook(QObject* parent) : QObject(parent) {
    // Without an address the library would start a bus of its own.
    if (!qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")) return;
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) return;
    bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
                SLOT(settingChanged(QString, QString, QDBusVariant)));
    ask(kAppearance, kColorScheme);
    ask(kGnome, kAnimations);
}

void SystemLook::ask(const QString& group, const QString& key) {
    auto call = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
    call << group << key;
    auto* watcher =
        new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call, 2000), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, key, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (reply.isValid()) take(key, reply.value().variant());
    });
}

void SystemLook::settingChanged(const QString& group, const QString& key,
                                const QDBusVariant& value) {
    if (group == kAppearance || group == kGnome) take(key, value.variant());
}

void SystemLook::take(const QString& key, QVariant value) {
    // Read wraps its answer twice.
    while (value.canConvert<QDBusVariant>() && value.userType() == qMetaTypeId<QDBusVariant>()) {
        value = value.value<QDBusVariant>().variant();
    }
    if (key == kColorScheme) {
        const uint wish = value.toUInt();  // 0 none, 1 dark, 2 light
        m_dark = wish == 0 ? std::nullopt : std::optional<bool>(wish == 1);
    } else if (key == kAnimations) {
        m_animations = value.toBool();
    } else {
        return;
    }
    Q_EMIT changed();
}

}  // namespace chancery::ui
