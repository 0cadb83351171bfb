#include "ui/style/Icons.h"

#include <QCoreApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>
#include <optional>

namespace chancery::ui {
namespace {

/// The file with the knock-out of the status marks left as it is; empty for unknown names.
QByteArray sourceOf(const QString& name) {
    static QHash<QString, QByteArray> cache;
    const auto known = cache.constFind(name);
    if (known != cache.constEnd()) return *known;
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    QByteArray svg;
    if (file.open(QIODevice::ReadOnly)) {
        svg = file.readAll();
    } else {
        qWarning("no icon is called %s", qPrintable(name));
        svg =
            "<svg xmlns='http://www.w3.org/2000/svg' width='16' height='16' viewBox='0 0 16 16'>"
            "<path d='M2 2h12v12H2zM2 2l12 12M14 2L2 14' fill='none' stroke='currentColor'/></svg>";
    }
    cache.insert(name, svg);
    return svg;
}

class SvgIconEngine : public QIconEngine {
public:
    SvgIconEngine(QString name, std::optional<Tone> tone) : m_name(std::move(name)), m_tone(tone) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const qreal ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, rendered(rect.size() * ratio, mode));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override {
        return rendered(size, mode);
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal) override {
        return rendered(size, mode);  // the size is in device pixels
    }

    QSize actualSize(const QSize& size, QIcon::Mode, QIcon::State) override { return size; }
    QIconEngine* clone() const override { return new SvgIconEngine(m_name, m_tone); }
    QString key() const override { return QStringLiteral("chancery-line-icon"); }
    QString iconName() override { return m_name; }
    bool isNull() override { return false; }
    QList<QSize> availableSizes(QIcon::Mode, QIcon::State) override {
        return {QSize(16, 16), QSize(20, 20), QSize(24, 24)};
    }

private:
    QColor colorIn(QIcon::Mode mode) const {
        const Theme& theme = Theme::instance();
        if (mode == QIcon::Disabled) return theme.color(Tone::Disabled);
        if (m_tone) return theme.color(*m_tone);
        if (mode == QIcon::Selected) return theme.color(Tone::Accent);
        return theme.color(Tone::Text2);
    }

    QPixmap rendered(const QSize& size, QIcon::Mode mode) const {
        const QColor color = colorIn(mode);
        const QColor hole = Theme::instance().color(Tone::Surface);
        const QString key = QStringLiteral("chancery/%1/%2x%3/%4/%5")
                                .arg(m_name)
                                .arg(size.width())
                                .arg(size.height())
                                .arg(color.name(), hole.name());
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap)) return pixmap;
        QByteArray svg = sourceOf(m_name);
        svg.replace("currentColor", color.name().toLatin1());
        svg.replace("#FFFFFF", hole.name().toLatin1());
        QSvgRenderer renderer(svg);
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        // Square and centred, whatever was asked for.
        const qreal side = std::min(size.width(), size.height());
        renderer.render(&painter,
                        QRectF((size.width() - side) / 2, (size.height() - side) / 2, side, side));
        painter.end();
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    QString m_name;
    std::optional<Tone> m_tone;
};

QString nameOf(Status status) {
    switch (status) {
        case Status::Ok:
            return QStringLiteral("status-ok");
        case Status::Warn:
            return QStringLiteral("status-warn");
        case Status::Error:
            return QStringLiteral("status-error");
        case Status::Pending:
            return QStringLiteral("status-pend");
        case Status::Running:
            return QStringLiteral("status-run");
        case Status::Off:
            return QStringLiteral("status-off");
        case Status::Unknown:
            return QStringLiteral("status-unk");
        case Status::Info:
            return QStringLiteral("status-info");
        case Status::None:
            return QStringLiteral("status-none");
    }
    return QStringLiteral("status-unk");
}

}  // namespace

QIcon icon(const QString& name) {
    return QIcon(new SvgIconEngine(name, std::nullopt));
}

QIcon icon(const QString& name, Tone tone) {
    return QIcon(new SvgIconEngine(name, tone));
}

QIcon statusIcon(Status status) {
    return icon(nameOf(status), toneOf(status));
}

Tone toneOf(Status status) {
    switch (status) {
        case Status::Ok:
            return Tone::Ok;
        case Status::Warn:
            return Tone::Warn;
        case Status::Error:
            return Tone::Error;
        case Status::Pending:
            return Tone::Info;
        case Status::Running:
            return Tone::Accent;
        case Status::Off:
            return Tone::Idle;
        case Status::Unknown:
            return Tone::Idle;
        case Status::Info:
            return Tone::Info;
        case Status::None:
            return Tone::Text3;
    }
    return Tone::Text3;
}

Tone backToneOf(Status status) {
    switch (status) {
        case Status::Ok:
            return Tone::OkBack;
        case Status::Warn:
            return Tone::WarnBack;
        case Status::Error:
            return Tone::ErrorBack;
        case Status::Pending:
        case Status::Info:
            return Tone::InfoBack;
        case Status::Running:
            return Tone::Selected;
        case Status::Off:
        case Status::Unknown:
        case Status::None:
            return Tone::IdleBack;
    }
    return Tone::IdleBack;
}

QString wordOf(Status status) {
    const auto tr = [](const char* text) { return QCoreApplication::translate("Status", text); };
    switch (status) {
        case Status::Ok:
            return tr(QT_TRANSLATE_NOOP("Status", "Good"));
        case Status::Warn:
            return tr(QT_TRANSLATE_NOOP("Status", "Warning"));
        case Status::Error:
            return tr(QT_TRANSLATE_NOOP("Status", "Failed"));
        case Status::Pending:
            return tr(QT_TRANSLATE_NOOP("Status", "Waiting"));
        case Status::Running:
            return tr(QT_TRANSLATE_NOOP("Status", "In progress"));
        case Status::Off:
            return tr(QT_TRANSLATE_NOOP("Status", "Stopped"));
        case Status::Unknown:
            return tr(QT_TRANSLATE_NOOP("Status", "Unknown"));
        case Status::Info:
            return tr(QT_TRANSLATE_NOOP("Status", "Note"));
        case Status::None:
            return tr(QT_TRANSLATE_NOOP("Status", "Not needed"));
    }
    return {};
}

}  // namespace chancery::ui
