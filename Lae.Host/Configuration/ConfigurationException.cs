using Lae.Composition;

namespace Lae.Host.Configuration;

/// <summary>A configuration that cannot be used: one line with the origin of the value, its path and the problem.</summary>
public sealed class ConfigurationException : BadInputException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="origin">Where the value came from, such as a file or an environment variable; null where nobody gave it.</param>
    /// <param name="path">The path of the key, such as <c>Model:LatentKernel:StepSize</c>.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="innerException">The failure below, if there was one.</param>
    public ConfigurationException(string? origin, string path, string problem, Exception? innerException = null)
        : base(string.Join(": ", new[] { origin, path, problem }.Where(part => !string.IsNullOrEmpty(part))), innerException) => Path = path;

    /// <summary>The path of the key, such as <c>Model:LatentKernel:StepSize</c>.</summary>
    public string Path { get; }

    /// <summary>Makes something of a section; what its own checks refuse becomes a failure of the section.</summary>
    /// <typeparam name="T">What is made.</typeparam>
    /// <param name="section">The path of the section.</param>
    /// <param name="make">Makes it.</param>
    internal static T Within<T>(string section, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (OptionException exception)
        {
            throw new ConfigurationException(null, $"{section}:{exception.Key}", exception.Message, exception);
        }
        catch (Exception exception) when (exception is ArgumentException or ArithmeticException)
        {
            // .NET adds the name of a method's parameter, which tells a person with a JSON file nothing
            string name = exception is ArgumentException { ParamName: { } parameter } ? $" (Parameter '{parameter}')" : string.Empty;
            throw new ConfigurationException(null, section, name.Length > 0 ? exception.Message.Replace(name, string.Empty, StringComparison.Ordinal) : exception.Message, exception);
        }
    }
}
