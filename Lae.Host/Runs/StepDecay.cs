using System.Text.Json.Nodes;
using Lae.Composition;
using Lae.Host.Configuration;

namespace Lae.Host.Runs;

/// <summary>A step size that has fallen to zero before the training ends would leave the rest of it without effect, in silence.</summary>
internal static class StepDecay
{
    /// <summary>Throws where an optimiser of the model stops before the training does.</summary>
    /// <param name="section">A section of the resolved configuration.</param>
    /// <param name="path">Its path.</param>
    /// <param name="totalSteps">Steps of the training.</param>
    /// <exception cref="ConfigurationException">One does; the message names its key.</exception>
    public static void RequireLasting(JsonNode? section, string path, long totalSteps)
    {
        if (section is not JsonObject keys)
        {
            return;
        }

        foreach ((string key, JsonNode? value) in keys)
        {
            string below = $"{path}:{key}";
            if (key == nameof(AdamOptions.DecaySteps) && value is JsonValue number && number.TryGetValue(out int steps) && steps > 0 && steps < totalSteps)
            {
                throw new ConfigurationException(null, below, $"the step size is 0 after {steps} steps, and the training has {totalSteps}: give it as many, or 0 for a constant step size");
            }

            RequireLasting(value, below, totalSteps);
        }
    }
}
