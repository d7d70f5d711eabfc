namespace Lae.Host.Configuration;

/// <summary>
/// Marks a text property of an options record as the path of a file that is read, or an array of texts as paths. A relative path is looked for beside the configuration file, then
/// in the working directory (the other way round where the command line or the environment named it); the property receives the full path of a file that exists.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputFileAttribute : Attribute;
