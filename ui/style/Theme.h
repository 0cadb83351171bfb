#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>
#include <QString>
#include <QVector>
#include <map>

class QApplication;

namespace chancery::ui {

class SystemLook;

/// Colours by their role; the names are those of resources/style/tokens.json.
enum class Tone {
    Window,
    Surface,
    Subtle,
    Hover,
    Selected,
    SelectedRow,
    Border,
    Border2,
    Control,
    Text,
    Text2,
    Text3,
    Disabled,
    Accent,
    AccentHover,
    OnAccent,
    Ok,
    Warn,
    Error,
    Info,
    Idle,
    OkBack,
    WarnBack,
    ErrorBack,
    InfoBack,
    IdleBack,
    Series1,
    Series2,
    Series3,
    Series4,
    Series5,
    Series6,
    Band1,
    Band5,
    Band1Edge,
    Band5Edge,
    Added,
    Removed,
    Changed,
    ScrollBar,
    Chip,
    Count,  ///< not a tone
};

/// Type roles of the design (sizes are kept in points made of 96-dpi pixels).
enum class Type {
    WelcomeTitle,
    PageTitle,
    InspectorTitle,
    SectionTitle,
    SmallSectionTitle,
    Body,
    BodyStrong,
    Button,
    Table,
    TableStrong,
    Caption,
    CaptionStrong,
    Figure,
    Mono,
    MonoStrong,
    LogMono,
    Axis,
};

/// The look: one object for palette, style sheet and everything that is painted by hand. GUI
/// thread only.
class Theme : public QObject {
    Q_OBJECT
public:
    enum class Mode { Light, Dark, System };
    enum class Density { Compact, Normal, Comfortable };

    /// Made with the first call, after the QApplication.
    static Theme& instance();
    /// Style, palette, style sheet and font of the application, now and on every change.
    void applyTo(QApplication& application);

    Mode mode() const { return m_mode; }
    void setMode(Mode mode);
    /// What is shown now; System asks the desktop and follows it.
    bool isDark() const { return m_dark; }
    Density density() const { return m_density; }
    void setDensity(Density density);
    /// Animations off: settings, or the system's hint.
    bool reducedMotion() const;
    void setReducedMotion(bool reduced);

    QColor color(Tone tone) const;
    QFont font(Type type) const;
    /// Distance of lines in px.
    int lineHeight(Type type) const;
    /// Dash pattern of series 1 to 6, for pens.
    QVector<qreal> dash(int series) const;
    int rowHeight() const;  ///< 24, 28 or 34
    /// Tone of an organisation's or a channel's edge, stable for a name within one network.
    Tone seriesTone(int index) const;

Q_SIGNALS:
    void changed();

private:
    Theme();
    void follow();
    void restyle();
    void readSystemPalette();
    QPalette palette() const;
    bool eventFilter(QObject* watched, QEvent* event) override;
    Mode m_mode = Mode::System;
    Density m_density = Density::Normal;
    bool m_dark = false;
    bool m_reducedMotion = false;
    bool m_paletteIsDark = false;
    bool m_restyling = false;
    QApplication* m_application = nullptr;
    SystemLook* m_system = nullptr;
    QString m_family;
    mutable std::map<Type, QFont> m_fonts;
};

}  // namespace chancery::ui
