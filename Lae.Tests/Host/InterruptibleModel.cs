using Lae.Composition;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Tests.Host;

/// <summary>The Langevin autoencoder under the name <c>Interruptible</c>, and any other model as <c>Interruptible…</c>: tells of every step, and changes nothing.</summary>
internal sealed class InterruptibleModel(ILatentVariableModel model, Action<long> stepped) : ILatentVariableModel
{
    public string Name => model.Name;

    public DataDescription Data => model.Data;

    public int LatentSize => model.LatentSize;

    public static void Register(IServiceCollection services, Action<long> stepped)
    {
        ServiceCollection own = new();
        own.AddLaeModels();
        foreach (ComponentDescriptor inner in own.Select(service => service.ImplementationInstance).OfType<ComponentDescriptor>().Where(component => component.Contract == typeof(IModelFactory)))
        {
            string name = inner.Name == "LangevinAutoencoder" ? "Interruptible" : $"Interruptible{inner.Name}";
            services.AddSingleton(inner with { Name = name, Create = options => new Factory((IModelFactory)inner.Create(options), stepped) });
        }
    }

    public TrainingState Initialize(RandomKey key) => model.Initialize(key);

    public TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state) => Told(model.Train(key, batch, state));

    public TrainingTransition Train(RandomKey key, TrainingBatch batch, TrainingState state) => Told(model.Train(key, batch, state));

    public IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state) => model.Diagnose(batch, state);

    public Tensor Encode(TensorTree parameters, Tensor x) => model.Encode(parameters, x);

    public IPrior Prior(TensorTree parameters) => model.Prior(parameters);

    public LatentDensity Density(TensorTree parameters, Tensor x) => model.Density(parameters, x);

    public IApproximatePosterior? ApproximatePosterior(TensorTree parameters, Tensor x) => model.ApproximatePosterior(parameters, x);

    public Tensor SamplePosterior(RandomKey key, TensorTree parameters, Tensor x, int draws, int transitions) =>
        model.SamplePosterior(key, parameters, x, draws, transitions);

    public Tensor Decode(TensorTree parameters, Tensor z) => model.Decode(parameters, z);

    public Tensor? Simulate(RandomKey key, TensorTree parameters, Tensor z) => model.Simulate(key, parameters, z);

    public Tensor Generate(RandomKey key, TensorTree parameters, int count) => model.Generate(key, parameters, count);

    public IReadOnlyDictionary<string, double> Evaluate(RandomKey key, TensorTree parameters, Tensor x, EncoderBoundSettings? bound = null) => model.Evaluate(key, parameters, x, bound);

    private TrainingTransition Told(TrainingTransition next)
    {
        stepped(next.State.Step);
        return next;
    }

    private sealed class Factory(IModelFactory factory, Action<long> stepped) : IModelFactory
    {
        public ILatentVariableModel Create(DataDescription data) => new InterruptibleModel(factory.Create(data), stepped);
    }
}
