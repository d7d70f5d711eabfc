using System.Text.Json.Nodes;
using Lae.Host.Configuration;
using Lae.Host.Runs;
using Lae.Numerics;
using Lae.PosteriorInference;

namespace Lae.Host.Inferring;

/// <summary>All that <c>lae infer</c> needs, checked and made, before anything is written.</summary>
/// <param name="Configuration">The bound configuration.</param>
/// <param name="Resolved">The same as JSON, defaults included.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Workspace">An unpooled workspace of the engine.</param>
internal sealed record PreparedInference(InferenceConfiguration Configuration, JsonObject Resolved, InferenceProblem Problem, Workspace Workspace)
{
    /// <summary>The methods.</summary>
    public IReadOnlyList<IInferenceMethod> Methods => Configuration.Methods!;

    /// <summary>Binds a configuration, and makes its problem.</summary>
    /// <param name="source">The configuration.</param>
    /// <param name="registry">Known components.</param>
    /// <exception cref="BadInputException">The configuration cannot be used.</exception>
    public static PreparedInference Prepare(ConfigurationSource source, ComponentRegistry registry)
    {
        (InferenceConfiguration configuration, JsonObject resolved) = new ComponentBinder(registry, source.Files).Bind<InferenceConfiguration>(source.Root);
        int threads = configuration.Threads == 0 ? Environment.ProcessorCount : configuration.Threads;
        Workspace workspace = Workspace.Unpooled(ConfigurationException.Within("Engine", () => configuration.Engine!.Create(threads)));
        InferenceProblem problem = ConfigurationException.Within("Problem", () => configuration.Problem!.Create(RunKeys.Problem(configuration.Seed), workspace));
        HashSet<string> names = new(StringComparer.Ordinal) { InferenceResults.ReferenceName };
        for (int i = 0; i < configuration.Methods!.Length; i++)
        {
            IInferenceMethod method = configuration.Methods[i];
            string section = $"{nameof(InferenceConfiguration.Methods)}:{i}";
            ConfigurationException.Within(section, () =>
            {
                method.RequireFits(problem);
                return method;
            });
            if (!names.Add(method.Name))
            {
                throw new ConfigurationException(null, section, $"a method called \"{method.Name}\" is there already: give one of them a Label");
            }
        }

        return new PreparedInference(configuration, resolved, problem, workspace);
    }
}
