using Lae.Host.Configuration;

namespace Lae.Host.Runs;

/// <summary>A run folder that cannot be made, opened or continued.</summary>
/// <param name="message">The folder and the problem.</param>
/// <param name="innerException">The failure below, if there was one.</param>
public sealed class RunFolderException(string message, Exception? innerException = null) : BadInputException(message, innerException);
